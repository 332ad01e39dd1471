// The view model: everything that is shown, as plain structs. The panels draw from these structs
// alone, so a picture is a pure function of a Scene.
//
// Data that changes rarely is held by a shared_ptr<const T>, null while there is none. It is
// immutable: a picture of it stays valid until the pointer changes.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/viewer/scene/panel.h"
#include "apps/viewer/scene/range.h"
#include "envs/drawing/canvas.h"

namespace nabla::viewer {

inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();  // no value

// One component of the action.
struct ActionView {
  std::string name;           // "action", or "action 1", "action 2", ... if there are several
  double value = 0;           // applied now, in the environment's units
  double normalized = 0;      // the same in [-1, 1]
  double policy = 0;          // the policy's action, in [-1, 1]
  double q_gradient = kNone;  // dQ/da at the policy's action, a in [-1, 1]
};

// A force that the mouse exerts on the body.
struct PushView {
  envs::Point from, to;  // the dragged point and the mouse, m
};

// The episode being played, between two physics steps.
struct EnvironmentView {
  std::string title;        // "latest (step 12000)"
  std::string environment;  // "Pendulum-v1"
  // Draws the interpolated state with the action as an arrow.
  std::function<void(envs::Canvas&)> draw;
  // The same with ∇_a Q in place of the action, scaled so that its largest component is as long as
  // the largest action. Only its arrows are shown. Null: no critic.
  std::function<void(envs::Canvas&)> draw_gradient;
  std::vector<ActionView> actions;
  double q = kNone;             // Q(o, mu(o))
  double time = 0;              // s of simulated time in the episode
  double total_reward = 0;      // of the episode so far
  std::int64_t step = 0;        // of the episode
  std::int64_t step_limit = 0;  // 0: none
  std::int64_t episode = 0;     // counted from 1
  bool taken_over = false;      // the keyboard selects the action
  bool explores = false;        // with exploration noise
  std::optional<PushView> push;
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
  std::vector<CurvePoint> episodes;  // return of each training episode, at its last step
  double total_steps = 0;            // of the training; 0: unknown
};

// Q along each component of the action at the current state; the others are the policy's. Actions
// have the units of the environment.
struct ActionSlice {
  struct Dimension {
    std::string name;
    std::vector<double> actions;  // ascending
    std::vector<double> q;        // Q(o, a) for each action
    double policy = 0;            // mu(o)
    double q_at_policy = 0;       // Q(o, mu(o))
    double gradient = 0;          // dQ/da at mu(o)
    double noise = 0;             // standard deviation of the exploration noise; 0: none
    double low = -1, high = 1;    // bounds
  };
  std::vector<Dimension> dimensions;
};

struct StateAxis {
  int index = 0;  // into the state
  std::string name;
  std::string unit;  // "" if unknown
  Range range;
};

// A quantity over two components of the state; the others have their current values.
struct ValueMap {
  std::string quantity;  // "maxₐ Q", "policy, action 1"
  StateAxis x, y;
  int columns = 0, rows = 0;
  std::vector<float> values;  // [rows, columns], row by row from y.low up; may be NaN
  Range range;                // of the finite values
  bool diverging = false;     // use a diverging colour map, symmetric about 0 (an action)
};

// The trajectory of the current episode on the map. It changes with every step, so it is drawn on
// top of the cached map.
struct MapTrack {
  std::vector<std::array<double, 2>> points;  // (x, y), oldest first
  std::array<double, 2> now{kNone, kNone};    // interpolated
};

// The metrics of the updates over the run, and the TD residuals of recent transitions.
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

// The distribution of recent actions, a in [-1, 1].
struct ActionHistogram {
  struct Dimension {
    std::string name;
    std::vector<double> share;  // of each of the equal bins over [-1, 1]; they sum to 1
  };
  std::vector<Dimension> dimensions;
  std::int64_t actions = 0;  // counted
  std::string source;        // "the latest training steps"
};

// The networks at the current state.
struct NetworkView {
  struct Layer {
    std::string name;                // "linear(3 -> 64, silu)"
    std::vector<float> activations;  // its output
    double jacobian_norm = kNone;    // Frobenius norm of dy/dtheta; kNone: no parameters
  };
  struct Network {
    std::string name;  // "actor"
    std::vector<Layer> layers;
  };
  std::vector<Network> networks;
};

// One line of the help.
struct KeyHelp {
  std::string keys;
  std::string description;
};

struct StatusView {
  std::string run;         // folder
  std::string algorithm;   // "TD3"
  std::string state;       // "training", "finished", "training elsewhere", "deleted", ...
  std::int64_t step = 0;   // of the training
  std::int64_t steps = 0;  // total
  double steps_per_second = kNone;
  std::string speed;  // "1×", "¼×", "training speed"
  bool paused = false;
  bool recording = false;
  std::string message;  // feedback to a key, or an error; usually ""
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

// What is under a point of the picture (Frame::Pick).
struct Hit {
  bool found = false;
  Panel panel = Panel::kEnvironment;
  std::size_t environment = 0;  // of Scene::environments
  double x = 0, y = 0;          // kEnvironment: m; kValueMap: values on its axes
};

}  // namespace nabla::viewer
