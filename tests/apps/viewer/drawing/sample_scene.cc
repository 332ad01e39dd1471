#include "tests/apps/viewer/drawing/sample_scene.h"

#include <cmath>
#include <numbers>

#include "envs/core/random.h"
#include "envs/drawing/canvas.h"
#include "envs/registry/registry.h"

namespace nabla::viewer::test {
namespace {

constexpr double kPi = std::numbers::pi;

envs::Vector Numbers(std::initializer_list<double> values) {
  return Eigen::Map<const envs::Vector>(values.begin(), static_cast<Eigen::Index>(values.size()));
}

std::function<void(envs::Canvas&)> Drawing(const std::string& name, const envs::Vector& state,
                                           const envs::Vector& action) {
  std::shared_ptr<envs::Environment> environment = envs::Make(name);
  environment->SetState(state);
  return [environment, action](envs::Canvas& canvas) { environment->Draw(canvas, action); };
}

EnvironmentView Pendulum() {
  EnvironmentView view;
  view.title = "latest (step 12000)";
  view.environment = "Pendulum-v1";
  view.draw = Drawing("Pendulum-v1", Numbers({0.6, -1.2}), Numbers({-1.1}));
  view.draw_gradient = Drawing("Pendulum-v1", Numbers({0.6, -1.2}), Numbers({-2}));
  view.actions = {{"action", -1.1, -0.55, -0.5, -9.3}};
  view.q = -41.2;
  view.time = 3.2;
  view.total_reward = -123.4;
  view.step = 64;
  view.step_limit = 200;
  view.episode = 3;
  return view;
}

LearningCurve Learning() {
  LearningCurve curve;
  Rng rng(1);
  for (int i = 0; i <= 12; ++i) {
    const double mean = -150 - 1100 * std::exp(-i / 2.5), std = 60 + 240 * std::exp(-i / 3.0);
    curve.evaluations.push_back({1000.0 * i, mean, std, mean - 2 * std, mean + 1.5 * std});
  }
  for (int i = 1; i <= 60; ++i) {
    curve.episodes.push_back(
        {200.0 * i, -160 - 1150 * std::exp(-i / 13.0) - 350 * rng.Uniform(0, 1)});
  }
  curve.total_steps = 20'000;
  return curve;
}

ActionSlice Slice(int actions) {
  ActionSlice slice;
  for (int k = 0; k < actions; ++k) {
    ActionSlice::Dimension dimension;
    dimension.name = actions == 1 ? "action" : "action " + std::to_string(k + 1);
    const double da_du = 2;  // bounds ±2
    const double best = 0.4 * std::cos(k) - 0.2;
    const auto q = [best](double a) { return -40 - 9 * std::pow(a - best, 2) + std::sin(3 * a); };
    for (int i = 0; i <= 64; ++i) {
      const double a = -1 + i / 32.0;
      dimension.actions.push_back(da_du * a);
      dimension.q.push_back(q(a));
    }
    dimension.policy = da_du * -0.5;
    dimension.q_at_policy = q(-0.5);
    dimension.gradient = (q(-0.5 + 1e-5) - q(-0.5 - 1e-5)) / 2e-5 / da_du;
    dimension.noise = da_du * 0.1;
    dimension.low = -da_du, dimension.high = da_du;
    slice.dimensions.push_back(dimension);
  }
  return slice;
}

ValueMap Map(bool diverging) {
  ValueMap map;
  map.quantity = diverging ? "policy" : "maxₐ Q";
  map.x = {0, "θ", "rad", -kPi, kPi};
  map.y = {1, "θ̇", "rad/s", -8, 8};
  map.columns = 48, map.rows = 36;
  map.diverging = diverging;
  Extent values;
  for (int row = 0; row < map.rows; ++row) {
    for (int column = 0; column < map.columns; ++column) {
      const double x = -kPi + 2 * kPi * (column + 0.5) / map.columns;
      const double y = -8 + 16 * (row + 0.5) / map.rows;
      const double energy = y * y / 6 - 5 * (1 - std::cos(x)) + 2 * std::tanh(x * y / 4);
      const double value = diverging ? std::tanh(-2 * x - 0.6 * y) : -12 * std::abs(energy) - 20;
      map.values.push_back(static_cast<float>(value));
      values.Add(static_cast<double>(map.values.back()));
    }
  }
  map.range = values.range();
  return map;
}

MapTrack Track() {
  MapTrack track;
  for (int i = 0; i < 64; ++i) {
    const double t = 0.05 * i, angle = kPi - 0.4 + 1.7 * t + 0.4 * std::sin(4 * t);
    track.points.push_back({std::remainder(angle, 2 * kPi), 1.7 + 1.6 * std::cos(4 * t)});
  }
  track.now = track.points.back();
  return track;
}

TrainingCurves Training() {
  TrainingCurves curves;
  curves.series = {
      {"critic_loss", true, {}}, {"actor_objective", false, {}}, {"q_mean", false, {}}};
  for (int i = 0; i <= 40; ++i) {
    const double step = 300.0 * i, wave = std::sin(0.9 * i);
    curves.series[0].points.push_back({step, 60 * std::exp(-i / 12.0) + 0.4 * (1.1 + wave)});
    curves.series[1].points.push_back({step, -20 - 90 * std::exp(-i / 9.0) + 2 * wave});
    curves.series[2].points.push_back({step, -25 - 95 * std::exp(-i / 9.0) + 2 * wave});
    const double width = 0.5 + 6 * std::exp(-i / 10.0);
    curves.residuals.push_back(
        {step, -1.9 * width, -0.6 * width, 0.1 * wave, 0.7 * width, 2 * width});
  }
  return curves;
}

ActionHistogram Histogram(int actions) {
  ActionHistogram histogram;
  for (int k = 0; k < actions; ++k) {
    ActionHistogram::Dimension dimension;
    dimension.name = actions == 1 ? "action" : "action " + std::to_string(k + 1);
    double sum = 0;
    for (int i = 0; i < 40; ++i) {
      const double a = -1 + (i + 0.5) / 20;
      dimension.share.push_back(0.15 + std::exp(-8 * a * a) + (i == 0 || i == 39 ? 2.5 : 0));
      sum += dimension.share.back();
    }
    for (double& share : dimension.share) share /= sum;
    histogram.dimensions.push_back(dimension);
  }
  histogram.actions = 1000;
  histogram.source = "the last 5 training episodes";
  return histogram;
}

NetworkView::Layer Layer(const std::string& name, int size, double norm, double phase) {
  NetworkView::Layer layer{name, {}, norm};
  for (int i = 0; i < size; ++i) {
    layer.activations.push_back(static_cast<float>(std::sin(0.37 * i * i + phase)));
  }
  return layer;
}

NetworkView Networks() {
  NetworkView view;
  view.networks = {
      {"actor",
       {Layer("linear(3 -> 64, silu)", 64, 1.42, 0), Layer("linear(64 -> 64, silu)", 64, 0.73, 2),
        Layer("linear(64 -> 1, tanh)", 1, 0.31, 1.4)}},
      {"critic 1",
       {Layer("linear(4 -> 64, silu)", 64, 12.8, 0.5),
        Layer("linear(64 -> 64, silu)", 64, 8.1, 2.5),
        Layer("linear(64 -> 1, identity)", 1, 4.6, 4.5)}}};
  return view;
}

std::vector<KeyHelp> Help() {
  return {{"Space", "pause and go on"}, {".", "a single step"}, {"← →", "take over the action"},
          {"+ −", "faster, slower"},    {"F1", "these keys"},   {"F12", "save a screenshot"}};
}

}  // namespace

Scene SampleScene(bool dark) {
  Scene scene;
  scene.dark = dark;
  scene.status = {.run = "runs/TD3/Pendulum-v1_3",
                  .algorithm = "TD3",
                  .state = "training",
                  .step = 12'000,
                  .steps = 20'000,
                  .steps_per_second = 5'312,
                  .speed = "1×",
                  .paused = false,
                  .recording = false,
                  .message = ""};
  scene.environments = {Pendulum()};
  scene.learning_curve = std::make_shared<LearningCurve>(Learning());
  scene.action_slice = std::make_shared<ActionSlice>(Slice(1));
  scene.value_map = std::make_shared<ValueMap>(Map(false));
  scene.map_track = Track();
  scene.training = std::make_shared<TrainingCurves>(Training());
  scene.action_histogram = std::make_shared<ActionHistogram>(Histogram(1));
  scene.network = std::make_shared<NetworkView>(Networks());
  scene.help = std::make_shared<std::vector<KeyHelp>>(Help());
  return scene;
}

Scene LargeScene(int actions, int environments) {
  Scene scene = SampleScene();
  EnvironmentView view = scene.environments[0];
  view.environment = "CartPoleSwingUp";
  view.draw = Drawing("CartPole-v1", Numbers({0.4, 0.1, 0.15, -0.3}), Numbers({0.7}));
  view.draw_gradient = nullptr;
  view.explores = view.taken_over = true;
  view.push = {.from = {0.4, 0}, .to = {1.2, 0.4}};
  view.actions.clear();
  for (int i = 0; i < actions; ++i) {
    const double a = std::sin(1.3 * i);
    view.actions.push_back({"action " + std::to_string(i + 1), a, a, 0.8 * a, 3 * a});
  }
  scene.environments.assign(static_cast<std::size_t>(environments), view);
  scene.action_slice = std::make_shared<ActionSlice>(Slice(actions));
  scene.action_histogram = std::make_shared<ActionHistogram>(Histogram(actions));
  scene.value_map = std::make_shared<ValueMap>(Map(true));
  scene.status.paused = scene.status.recording = true;
  scene.status.message = "saved screenshot_3.png";
  return scene;
}

}  // namespace nabla::viewer::test
