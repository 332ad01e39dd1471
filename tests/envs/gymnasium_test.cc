// Compares every row of the traces made with Gymnasium's own source, one step at a time: sets the
// state, applies the action, compares (tests/golden/README.md).
#include "envs/registry/registry.h"
#include "tests/envs/traces.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

constexpr double kGymnasiumTolerance = 1e-12;

struct GymnasiumTask {
  const char* name;
  // Action i of the trace is the continuous action offset + scale · i.
  double action_offset = 0;
  double action_scale = 1;
  bool float_state = false;    // stored as float after the first step
  bool reward_memory = false;  // the reward depends on whether the episode has ended before
};

const GymnasiumTask kGymnasiumTasks[] = {
    {"Pendulum-v1"},
    {.name = "MountainCarContinuous-v0", .float_state = true},
    {.name = "CartPoleContinuous", .reward_memory = true},
    {.name = "CartPole-v1", .action_offset = -1, .action_scale = 2, .reward_memory = true},
    {"AcrobotContinuous"},
    {.name = "Acrobot-v1", .action_offset = -1}};

std::string Folder(const GymnasiumTask& task) {
  return std::string("gymnasium-classic/") + task.name;
}

// Observations are float32 in the traces; their nine digits identify the float exactly.
void CheckObservation(const Vector& observation, const Vector& expected) {
  REQUIRE(observation.size() == expected.size());
  for (Eigen::Index i = 0; i < expected.size(); ++i) {
    CHECK(static_cast<float>(observation[i]) == static_cast<float>(expected[i]));
  }
}

Vector Action(const GymnasiumTask& task, const Trace& trace, std::size_t row) {
  return Vector::Constant(
      1, task.action_offset + task.action_scale * static_cast<float>(trace.At(row, "action")));
}

}  // namespace

TEST_CASE("single steps equal Gymnasium's", "[envs][golden]") {
  for (const GymnasiumTask& task : kGymnasiumTasks) {
    const Trace trace(Folder(task) + ".onestep.csv");
    for (std::size_t row = 0; row < trace.rows(); ++row) {
      INFO(task.name << " case " << row);
      const auto environment = Make(task.name);
      Vector observation(environment->spec().observation_size);
      environment->SetState(trace.Block(row, "s_"));
      const StepResult result = environment->Step(Action(task, trace, row), observation);
      Vector next = trace.Block(row, "n_");
      if (task.float_state) next = next.cast<float>().cast<double>();
      CHECK(LargestDifference(environment->State(), next) <= kGymnasiumTolerance);
      CheckObservation(observation, trace.Block(row, "o_"));
      CHECK(std::abs(result.reward - trace.At(row, "reward")) <= kGymnasiumTolerance);
      CHECK(result.terminated == (trace.At(row, "terminated") == 1));
    }
  }
}

// An episode that follows the trace: each step starts from the state of the trace.
struct Summary {
  double total_reward = 0;
  int steps = 0;
  int first_terminated = -1;
  bool reached_limit = false;
};

// Compares `summary` to the row of episodes.csv for this episode.
void CheckSummary(const Trace& episodes, const std::string& name, double episode,
                  const Summary& summary) {
  int found = 0;
  for (std::size_t row = 0; row < episodes.rows(); ++row) {
    if (episodes.Text(row, "env") != name || episodes.At(row, "episode") != episode) continue;
    ++found;
    INFO(name << ", episode " << episode << ": " << episodes.Text(row, "kind"));
    CHECK(summary.steps == episodes.At(row, "steps"));
    CHECK(summary.total_reward == Approx(episodes.At(row, "return")).epsilon(1e-12));
    CHECK(summary.first_terminated == episodes.At(row, "first_terminated_step"));
    CHECK(summary.reached_limit == (episodes.At(row, "reached_time_limit") == 1));
  }
  CHECK(found == 1);
}

TEST_CASE("episodes equal Gymnasium's", "[envs][golden]") {
  const Trace episodes("gymnasium-classic/episodes.csv");
  for (const GymnasiumTask& task : kGymnasiumTasks) {
    const Trace trace(Folder(task) + ".csv");
    Summary summary;
    auto environment = Make(task.name);
    Vector observation(environment->spec().observation_size);
    std::uint64_t ended = 0;
    for (std::size_t row = 0; row < trace.rows(); ++row) {
      INFO(task.name << " row " << row);
      Vector before = trace.Block(row, "s_");
      if (trace.At(row, "step") == 0) {
        environment = Make(task.name);
        ended = 0;
        summary = {};
      } else {
        if (task.float_state) before = before.cast<float>().cast<double>();
        CHECK(LargestDifference(environment->State(), before) <= kGymnasiumTolerance);
      }
      environment->SetState(before);
      if (task.reward_memory) environment->SetMemory({&ended, 1});
      const StepResult result = environment->Step(Action(task, trace, row), observation);
      CheckObservation(observation, trace.Block(row, "o_"));
      CHECK(std::abs(result.reward - trace.At(row, "reward")) <= kGymnasiumTolerance);
      CHECK(result.terminated == (trace.At(row, "terminated") == 1));
      ended |= result.terminated;
      const bool limit_reached = trace.At(row, "step") + 1 >= environment->spec().step_limit;
      CHECK(limit_reached == (trace.At(row, "truncated") == 1));
      if (result.terminated && summary.first_terminated < 0)
        summary.first_terminated = summary.steps;
      summary.total_reward += result.reward;
      summary.reached_limit |= limit_reached;
      ++summary.steps;
      const bool is_last = row + 1 == trace.rows() || trace.At(row + 1, "step") == 0;
      if (is_last) CheckSummary(episodes, task.name, trace.At(row, "episode"), summary);
    }
  }
}

}  // namespace nabla::envs
