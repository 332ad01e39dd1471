#include "agent/training/lanes.h"

#include <string>

namespace nabla::agent {

Lanes::Lanes(const envs::Environment& environment, int count, std::uint64_t seed,
             std::string_view stream)
    : environments_(environment, count, seed, stream),
      own_actions_(environment.spec().action_size, count),
      total_rewards_(envs::Vector::Zero(count)),
      lengths_(static_cast<std::size_t>(count), 0) {
  environments_.Reset(result_);
  observations_ = result_.observations.cast<Real>();
  next_observations_ = observations_;
}

void Lanes::Step(const ConstMatrixRef& actions) {
  const envs::Spec& spec = environments_.spec();
  for (Index lane = 0; lane < count(); ++lane) {
    own_actions_.col(lane) =
        spec.action_low.array() + (actions.col(lane).cast<double>().array() + 1) / 2 *
                                      (spec.action_high - spec.action_low).array();
    if (!ended(lane)) continue;
    total_rewards_[lane] = 0;
    lengths_[static_cast<std::size_t>(lane)] = 0;
  }
  environments_.Step(own_actions_, result_);
  observations_ = result_.observations.cast<Real>();
  next_observations_ = observations_;
  total_rewards_ += result_.rewards;
  for (Index lane = 0; lane < count(); ++lane) {
    ++lengths_[static_cast<std::size_t>(lane)];
    if (ended(lane)) {
      next_observations_.col(lane) = result_.final_observations.col(lane).cast<Real>();
    }
  }
}

void Lanes::State(const StateArchive& archive) {
  archive("observations", result_.observations);
  archive("total_rewards", total_rewards_);
  for (Index lane = 0; lane < count(); ++lane) {
    const StateArchive group = archive.Group(std::to_string(lane));
    const int i = static_cast<int>(lane);
    envs::Environment& environment = environments_.environment(i);
    group("rng", environments_.rng(i));
    // As std::vector: the archive reads an Eigen object of ours only after we have returned.
    const envs::Vector now = environment.State();
    std::vector<double> state(now.begin(), now.end());
    group("state", state);
    std::vector<std::uint64_t> memory = environment.Memory();
    group("memory", memory);
    if (archive.restoring()) {
      if (static_cast<Index>(state.size()) != now.size()) {
        throw InputError("the checkpoint has an environment of " + std::to_string(state.size()) +
                         " states, the configured one has " + std::to_string(now.size()));
      }
      environment.SetState(Eigen::Map<const envs::Vector>(state.data(), now.size()));
      environment.SetMemory(memory);
    }
    group("terminated", result_.terminated[lane]);
    group("truncated", result_.truncated[lane]);
    group("length", lengths_[static_cast<std::size_t>(lane)]);
  }
  if (archive.restoring()) observations_ = result_.observations.cast<Real>();
}

}  // namespace nabla::agent
