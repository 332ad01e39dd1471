// The view model: all that is seen, as plain structs. The panels draw from them and from nothing
// else, so that a picture is a pure function of a Scene; the player and its worker fill them.
//
// What changes seldom stands behind a shared_ptr<const T>, null while there is none yet. It is
// never changed once it is published: a picture of it holds until the pointer is another one.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace nabla::envs {
class Canvas;
}

namespace nabla::viewer {

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();  // no such number

// What can be shown or hidden; the environment is always shown.
enum class Panel {
  kEnvironment,
  kLearningCurve,
  kActionSlice,
  kValueMap,
  kTraining,
  kActionHistogram,
  kNetwork,
};
inline constexpr int kPanels = 7;
using PanelSet = std::bitset<kPanels>;
inline bool Shows(const PanelSet& set, Panel panel) { return set[static_cast<std::size_t>(panel)]; }

// One component of the action.
struct ActionView {
  std::string name;           // "action", or "action 1", "action 2", ... of several
  double low = 0, high = 0;   // its bounds, in the environment's own units
  double value = 0;           // what acts now, in those units
  double normalized = 0;      // the same in [-1, 1]
  double policy = 0;          // what the policy would do, in [-1, 1]
  double q_gradient = kNone;  // dQ/da at the policy's action, a in [-1, 1]
};

// A force from outside on the body, while the mouse pushes. Screen points in the environment's m.
struct PushView {
  double from_x = 0, from_y = 0;  // where the mouse went down
  double to_x = 0, to_y = 0;      // where it is
  std::string text;               // what it does: "adds -1.2 rad/s a second to the speed"
};

// An episode being played, between two physics steps.
struct EnvironmentView {
  std::string title;        // "latest (step 12000)"
  std::string environment;  // "Pendulum-v1"
  // Draws the state, interpolated between the steps, with the action as an arrow.
  std::function<void(envs::Canvas&)> draw;
  // The same with ∇_a Q in place of the action, its largest component as long as the largest
  // action; of it the arrows alone are shown. Null: no critic.
  std::function<void(envs::Canvas&)> draw_gradient;
  std::vector<ActionView> actions;
  double q = kNone;              // Q(o, mu(o))
  double time = 0;               // s of simulated time in the episode
  double total_reward = 0;       // of the episode so far
  double last_return = kNone;    // of the episode before
  std::int64_t step = 0;         // of the episode
  std::int64_t step_limit = 0;   // 0: none
  std::int64_t episode = 0;      // counted from 1
  bool taken_over = false;       // the keyboard acts, not the policy
  bool explores = false;         // with exploration noise
  std::vector<PushView> pushes;  // none or one
};

struct CurvePoint {
  double step = 0;  // environment steps of the run
  double value = 0;
};

struct LearningCurve {
  struct Evaluation {
    double step = 0;
    double mean = 0, std = 0, low = 0, high = 0;  // of the returns
  };
  std::vector<Evaluation> evaluations;
  std::vector<CurvePoint> episodes;  // a training episode's return, at the step it ended
  double steps_in_all = 0;           // of the task; 0: unknown
};

// Q along each component of the action at the present state, the others as the policy has them.
struct ActionSlice {
  struct Dimension {
    std::string name;
    std::vector<double> actions;  // in [-1, 1], rising
    std::vector<double> q;        // Q(o, a), one each
    double policy = 0;            // mu(o)
    double q_at_policy = 0;       // Q(o, mu(o))
    double gradient = 0;          // dQ/da there
    double noise = 0;             // standard deviation of the exploration noise; 0: none
    double low = -1, high = 1;    // the environment's own bounds, for a second axis
  };
  std::vector<Dimension> dimensions;
};

struct StateAxis {
  int index = 0;  // into the state
  std::string name;
  std::string unit;  // "" if unknown
  double low = 0, high = 0;
};

// A quantity over two axes of the state, the others as they are now.
struct ValueMap {
  std::string quantity;  // "maxₐ Q", "policy, action 1"
  StateAxis x, y;
  int columns = 0, rows = 0;
  std::vector<float> values;  // [rows, columns], row by row from y.low up
  float minimum = 0, maximum = 0;
  bool diverging = false;  // symmetric about 0 (an action): colours meet in the middle
};

// The way of the present episode over the map; it changes with every step and is drawn on top.
struct MapTrack {
  std::vector<std::array<double, 2>> points;  // (x, y), oldest first
  std::array<double, 2> now{kNone, kNone};    // interpolated
};

// What the updates report over the run, and the TD residuals of the recent episodes.
struct TrainingCurves {
  struct Series {
    std::string name;  // "critic_loss"
    bool logarithmic = false;
    std::vector<CurvePoint> points;
  };
  struct Residual {  // quantiles of r + gamma (1 - d) Q(s', mu(s')) - Q(s, a)
    double step = 0;
    double q05 = 0, q25 = 0, median = 0, q75 = 0, q95 = 0;
  };
  std::vector<Series> series;
  std::vector<Residual> residuals;
};

// How often the actions of recent training episodes fell where, a in [-1, 1].
struct ActionHistogram {
  struct Dimension {
    std::string name;
    std::vector<double> share;  // of each of the equal bins over [-1, 1]; they sum to 1
  };
  std::vector<Dimension> dimensions;
  std::int64_t actions = 0;  // counted
  std::string source;        // "the last 5 training episodes"
};

// The networks at the present state.
struct NetworkView {
  struct Layer {
    std::string name;                // "linear(3 -> 64, silu)"
    std::vector<float> activations;  // its output
    double jacobian_norm = kNone;    // Frobenius norm of dy/dtheta of this layer; none: no weights
  };
  struct Network {
    std::string name;  // "actor"
    std::vector<Layer> layers;
  };
  std::vector<Network> networks;
};

// One line of the list of keys; the list itself stands in keys.h, once.
struct KeyHelp {
  std::string keys;
  std::string meaning;
};

// What stands in the status line.
struct StatusView {
  std::string run;         // its folder
  std::string algorithm;   // "TD3"
  std::string state;       // "training", "finished", "following a run", "folder deleted"
  std::int64_t step = 0;   // of the training
  std::int64_t steps = 0;  // in all
  double steps_per_second = kNone;
  std::string speed;  // "1x", "1/4x", "as fast as it learns"
  bool paused = false;
  bool recording = false;
  std::string message;  // what a key has just done, or what went wrong; "" mostly
};

struct Scene {
  StatusView status;
  std::vector<EnvironmentView> environments;  // one, or checkpoints side by side
  std::shared_ptr<const LearningCurve> learning_curve;
  std::shared_ptr<const ActionSlice> action_slice;
  std::shared_ptr<const ValueMap> value_map;
  MapTrack map_track;
  std::shared_ptr<const TrainingCurves> training;
  std::shared_ptr<const ActionHistogram> action_histogram;
  std::shared_ptr<const NetworkView> network;
  PanelSet panels = PanelSet().set();
  bool dark = true;
  bool shows_help = false;
  std::shared_ptr<const std::vector<KeyHelp>> help;
};

// What lies under a point of the picture: the panels say it (Pick), the window's mouse asks it.
struct Hit {
  bool found = false;
  Panel panel = Panel::kEnvironment;
  std::size_t environment = 0;  // of Scene::environments
  double x = 0, y = 0;          // kEnvironment: m, as drawn; kValueMap: on its axes
};

}  // namespace nabla::viewer
