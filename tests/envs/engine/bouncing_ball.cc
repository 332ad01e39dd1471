#include "tests/envs/engine/bouncing_ball.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "envs/drawing/canvas.h"
#include "envs/registry/registry.h"

namespace nabla::envs {
namespace {

constexpr double kTimeStep = 0.02;  // h, s
constexpr double kRebound = 0.8;    // share of the speed that a bounce keeps

// State: height [m] and speed upwards [m/s] of a ball; the action is a push upwards [m/s²].
class BouncingBall : public Environment {
 public:
  BouncingBall() {
    spec_.name = "BouncingBall";
    spec_.state_size = spec_.observation_size = 2;
    spec_.action_size = 1;
    spec_.action_low = Vector::Constant(1, -2);
    spec_.action_high = Vector::Constant(1, 2);
    spec_.time_step = kTimeStep;
    spec_.step_limit = 100;
    spec_.reward_low = -std::numeric_limits<double>::infinity();
  }

  const Spec& spec() const override { return spec_; }

  void Reset(Rng& rng, VectorRef observation) override {
    state_ = Vector{{rng.Uniform(0.5, 1.5), 0}};
    Observe(observation);
  }

  StepResult Step(const ConstVectorRef& action, VectorRef observation) override {
    Check(action, 1);
    state_[1] += kTimeStep * (std::clamp(action[0], -2.0, 2.0) - gravity_);
    state_[0] += kTimeStep * state_[1];
    if (state_[0] < 0) state_ = Vector{{-state_[0], -kRebound * state_[1]}};
    Observe(observation);
    return {.reward = -std::abs(state_[0] - 1)};
  }

  void Observe(VectorRef observation) const override {
    Check(observation, 2);
    observation = state_;
  }

  Vector State() const override { return state_; }
  void SetState(const ConstVectorRef& state) override {
    Check(state, 2);
    state_ = state;
  }

  std::vector<Parameter> Parameters() const override {
    return {{"gravity", "m/s²", {gravity_}, 0, 100}};
  }
  void SetParameters(const ParameterValues& values) override {
    for (const auto& [name, value] : values) {
      if (name != "gravity" || value.size() != 1 || !(value[0] >= 0 && value[0] <= 100)) {
        throw std::invalid_argument("BouncingBall: gravity is its only parameter, in [0, 100]");
      }
    }
    if (!values.empty()) gravity_ = values.at("gravity")[0];
  }

  void Draw(Canvas& canvas, const ConstVectorRef&) const override {
    canvas.View({-1, -1}, {1, 3});
    canvas.Circle({0, state_[0]}, 0.1, Paint::kBody);
  }

  std::string Description() const override { return "A ball that bounces on the ground."; }
  std::unique_ptr<Environment> Clone() const override {
    return std::make_unique<BouncingBall>(*this);
  }

 private:
  static void Check(const ConstVectorRef& values, Eigen::Index size) {
    if (values.size() != size || !values.allFinite()) {
      throw std::invalid_argument("BouncingBall: a vector has a wrong size or is not finite");
    }
  }

  Spec spec_;
  Vector state_ = Vector{{1, 0}};
  double gravity_ = 9.81;  // m/s²
};

const Registration kBouncingBall(BouncingBallEntry());

}  // namespace

EnvironmentEntry BouncingBallEntry() {
  return {"BouncingBall", "keep a ball at 1 m, without derivatives",
          [] { return std::make_unique<BouncingBall>(); }};
}

}  // namespace nabla::envs
