// Compares every row of the traces of the Control Suite's physics engine, one step at a time
// (tests/golden/README.md). Steps in which the cart meets the stop of the rail differ: our stop is
// rigid, the engine's is soft.
#include "envs/registry/registry.h"
#include "tests/envs/traces.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

constexpr double kTolerance = 1e-12;
constexpr double kRail = 1.8;  // m

struct Task {
  const char* name;
  const char* domain;
  const char* reward;  // the column
};

const Task kTasks[] = {{"PendulumSwingup", "pendulum", "reward_swingup"},
                       {"CartPoleBalance", "cartpole", "reward_smooth"},
                       {"CartPoleSwingup", "cartpole", "reward_smooth"},
                       {"CartPoleSwingupSparse", "cartpole", "reward_sparse"},
                       {"AcrobotSwingup", "acrobot", "reward_swingup"}};

}  // namespace

TEST_CASE("single steps equal the Control Suite's", "[envs][golden]") {
  for (const Task& task : kTasks) {
    const Trace trace(std::string("control-suite/") + task.domain + ".onestep.csv");
    const auto environment = Make(task.name);
    Vector observation(environment->spec().observation_size);
    for (std::size_t row = 0; row < trace.rows(); ++row) {
      INFO(task.name << " case " << row);
      environment->SetState(trace.Block(row, "s_"));
      const StepResult result =
          environment->Step(Vector::Constant(1, trace.At(row, "action")), observation);
      CHECK_FALSE(result.terminated);
      if (trace.Has("rail_stop") && trace.At(row, "rail_stop") == 1) {
        CHECK(std::abs(environment->State()[0]) <= kRail);
        continue;
      }
      CHECK(LargestDifference(environment->State(), trace.Block(row, "n_")) <= kTolerance);
      CHECK(LargestDifference(observation, trace.Block(row, "o_")) <= kTolerance);
      CHECK(std::abs(result.reward - trace.At(row, task.reward)) <= kTolerance);
    }
  }
}

TEST_CASE("the rail stops the cart and conserves the pole's momentum about its hinge", "[envs]") {
  // The time step is so small that only the impact changes the speeds.
  const auto environment = Make("CartPoleSwingup");
  environment->SetParameters({{"time_step", {1e-4}}});
  constexpr double kMassLength = 0.1 * 0.5, kInertia = 0.0094245927672955976 + 0.1 * 0.25;
  const auto momentum = [&](const Vector& s) {
    return kInertia * s[3] + kMassLength * s[2] * std::cos(s[1]);
  };
  Vector observation(5);
  for (const double side : {-1.0, 1.0}) {
    const Vector before{{side * (kRail - 1e-5), 0.3, side * 2.0, 1.0}};
    environment->SetState(before);
    environment->Step(Vector::Zero(1), observation);
    const Vector after = environment->State();
    CHECK(after[0] == side * kRail);
    CHECK(after[2] == 0);
    CHECK(momentum(after) == Approx(momentum(before)).epsilon(1e-3));
    for (int i = 0; i < 100; ++i) environment->Step(Vector::Constant(1, -side), observation);
    CHECK(std::abs(environment->State()[0]) < kRail);
  }
}

}  // namespace nabla::envs
