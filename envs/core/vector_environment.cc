#include "envs/core/vector_environment.h"

#include <stdexcept>
#include <string>

namespace nabla::envs {

VectorEnvironment::VectorEnvironment(const Environment& prototype, int copies, std::uint64_t seed,
                                     std::string_view stream) {
  if (copies < 1) {
    throw std::invalid_argument(prototype.spec().name + ": needs at least one copy, not " +
                                std::to_string(copies));
  }
  for (int i = 0; i < copies; ++i) {
    lanes_.push_back({prototype.Clone(), Rng(seed, std::string(stream) + "." + std::to_string(i))});
  }
}

void VectorEnvironment::Reset(BatchResult<double>& result) {
  result.Resize(spec().observation_size, copies());
  for (int i = 0; i < copies(); ++i) environment(i).Reset(rng(i), result.observations.col(i));
}

void VectorEnvironment::Step(const Eigen::Ref<const Matrix>& actions, BatchResult<double>& result) {
  if (actions.rows() != spec().action_size || actions.cols() != copies() || !actions.allFinite()) {
    throw std::invalid_argument(spec().name + ": the actions must be " +
                                std::to_string(spec().action_size) + " x " +
                                std::to_string(copies()) + " finite numbers");
  }
  if (!result.Fits(spec().observation_size, copies())) {
    throw std::invalid_argument(spec().name + ": call Reset before the first Step");
  }
  for (int i = 0; i < copies(); ++i) {
    auto observation = result.observations.col(i);
    const StepResult step = environment(i).Step(actions.col(i), observation);
    result.rewards[i] = step.reward;
    result.terminated[i] = step.terminated;
    result.truncated[i] = step.truncated;
    if (!step.terminated && !step.truncated) continue;
    result.final_observations.col(i) = observation;
    environment(i).Reset(rng(i), observation);
  }
}

}  // namespace nabla::envs
