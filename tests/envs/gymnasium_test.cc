// Every row of every trace made with Gymnasium's own source, one step at a time: set the state,
// apply the action, compare (see shared/reference/gymnasium-classic).
#include "envs/registry.h"
#include "tests/envs/traces.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

constexpr double kTolerance = 1e-12;

struct Task {
  const char* name;
  // The discrete action i of the traces is the continuous action offset + scale · i.
  double action_offset = 0;
  double action_scale = 1;
  bool float_state = false;    // stored as float after the first step
  bool reward_memory = false;  // the reward depends on whether the episode has ended before
};

const Task kTasks[] = {
    {"Pendulum-v1"},
    {.name = "MountainCarContinuous-v0", .float_state = true},
    {.name = "CartPoleContinuous", .reward_memory = true},
    {.name = "CartPole-v1", .action_offset = -1, .action_scale = 2, .reward_memory = true},
    {"AcrobotContinuous"},
    {.name = "Acrobot-v1", .action_offset = -1}};

std::string Folder(const Task& task) { return std::string("gymnasium-classic/") + task.name; }

// Observations are float32 in the traces: the nine digits name the float exactly.
void CheckObservation(const Vector& observation, const Vector& expected) {
  REQUIRE(observation.size() == expected.size());
  for (Eigen::Index i = 0; i < expected.size(); ++i) {
    CHECK(static_cast<float>(observation[i]) == static_cast<float>(expected[i]));
  }
}

Vector Action(const Task& task, const Trace& trace, std::size_t row) {
  return Vector::Constant(
      1, task.action_offset + task.action_scale * static_cast<float>(trace.At(row, "action")));
}

}  // namespace

TEST_CASE("single steps equal Gymnasium's", "[envs][golden]") {
  for (const Task& task : kTasks) {
    const Trace trace(Folder(task) + ".onestep.csv");
    REQUIRE(trace.rows() == 300);
    for (std::size_t row = 0; row < trace.rows(); ++row) {
      INFO(task.name << " case " << row);
      const auto environment = Make(task.name);
      Vector observation(environment->spec().observation_size);
      environment->SetState(trace.Block(row, "s_"));
      const StepResult result = environment->Step(Action(task, trace, row), observation);
      Vector next = trace.Block(row, "n_");
      if (task.float_state) next = next.cast<float>().cast<double>();
      CHECK(LargestDifference(environment->State(), next) <= kTolerance);
      CheckObservation(observation, trace.Block(row, "o_"));
      CHECK(std::abs(result.reward - trace.At(row, "reward")) <= kTolerance);
      CHECK(result.terminated == (trace.At(row, "terminated") == 1));
    }
  }
}

TEST_CASE("episodes equal Gymnasium's", "[envs][golden]") {
  for (const Task& task : kTasks) {
    const Trace trace(Folder(task) + ".csv");
    auto environment = Make(task.name);
    Vector observation(environment->spec().observation_size);
    std::uint64_t ended = 0;
    for (std::size_t row = 0; row < trace.rows(); ++row) {
      INFO(task.name << " row " << row);
      Vector before = trace.Block(row, "s_");
      if (trace.At(row, "step") == 0) {
        environment = Make(task.name);
        ended = 0;
      } else {
        if (task.float_state) before = before.cast<float>().cast<double>();
        CHECK(LargestDifference(environment->State(), before) <= kTolerance);
      }
      environment->SetState(before);
      if (task.reward_memory) environment->SetMemory({&ended, 1});
      const StepResult result = environment->Step(Action(task, trace, row), observation);
      CheckObservation(observation, trace.Block(row, "o_"));
      CHECK(std::abs(result.reward - trace.At(row, "reward")) <= kTolerance);
      CHECK(result.terminated == (trace.At(row, "terminated") == 1));
      ended |= result.terminated;
      const bool limit_reached = trace.At(row, "step") + 1 >= environment->spec().step_limit;
      CHECK(limit_reached == (trace.At(row, "truncated") == 1));
    }
  }
}

}  // namespace nabla::envs
