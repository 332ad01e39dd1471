#include "agent/training/vector_environment.h"

#include <cmath>
#include <stdexcept>
#include <string>

namespace nabla::agent {

VectorEnvironment::VectorEnvironment(const envs::Environment& prototype, int count,
                                     std::uint64_t seed, std::string_view stream, int first)
    : bounds_(prototype.spec()), action_(prototype.spec().action_size) {
  if (count < 1) {
    throw std::invalid_argument(prototype.spec().name + ": needs at least one copy, not " +
                                std::to_string(count));
  }
  raw_.setZero(prototype.spec().observation_size, count);
  total_rewards_.setZero(count);
  for (int i = 0; i < count; ++i) {
    copies_.push_back({.environment = prototype.Clone(),
                       .rng = Rng(seed, std::string(stream) + "." + std::to_string(first + i)),
                       .last = {},
                       .length = 0});
    copies_.back().environment->Reset(copies_.back().rng, raw_.col(i));
    RequireFinite(i);
  }
  observations_ = raw_.cast<Real>();
  final_observations_ = observations_;
}

void VectorEnvironment::Step(const ConstMatrixRef& u) {
  if (u.rows() != bounds_.size() || u.cols() != count() || !u.allFinite()) {
    throw std::invalid_argument(copy(0).environment->spec().name + ": the actions must be " +
                                std::to_string(bounds_.size()) + " x " + std::to_string(count()) +
                                " finite numbers");
  }
  for (Index i = 0; i < count(); ++i) {
    bounds_.ToEnvironment(u.col(i), action_);
    StepCopy(i);
  }
}

// Steps copy i with action_.
void VectorEnvironment::StepCopy(Index i) {
  Copy& copy = copies_[static_cast<std::size_t>(i)];
  if (ended(i)) {
    total_rewards_[i] = 0;
    copy.length = 0;
  }
  copy.last = copy.environment->Step(action_, raw_.col(i));
  total_rewards_[i] += copy.last.reward;
  ++copy.length;
  RequireFinite(i);
  if (ended(i)) {
    final_observations_.col(i) = raw_.col(i).cast<Real>();
    copy.environment->Reset(copy.rng, raw_.col(i));
    RequireFinite(i);
  }
  observations_.col(i) = raw_.col(i).cast<Real>();
}

void VectorEnvironment::RequireFinite(Index i) const {
  std::string what;
  const auto describe = [&what](const std::string& name, double value) {
    if (!what.empty() || std::isfinite(static_cast<Real>(value))) return;
    what = name + " " + std::to_string(value);
  };
  describe("a reward of", copy(i).last.reward);
  for (Index k = 0; k < raw_.rows(); ++k) {
    if (!std::isfinite(static_cast<Real>(raw_(k, i)))) {
      describe("an observation whose number " + std::to_string(k + 1) + " is", raw_(k, i));
    }
  }
  if (what.empty()) return;
  throw EnvironmentError("the environment " + copy(i).environment->spec().name + " gave " + what +
                         " at step " + std::to_string(copy(i).length) +
                         " of an episode, which is not a finite 32-bit number; correct the "
                         "environment or its parameters");
}

void VectorEnvironment::Serialize(const StateArchive& archive) {
  archive("observations", raw_);
  archive("total_rewards", total_rewards_);
  for (Index i = 0; i < count(); ++i) {
    const StateArchive group = archive.Group(std::to_string(i));
    Copy& copy = copies_[static_cast<std::size_t>(i)];
    envs::Environment& environment = *copy.environment;
    group("rng", copy.rng);
    // std::vector, because the archive reads Eigen objects only after this function has returned.
    const envs::Vector now = environment.State();
    std::vector<double> state(now.begin(), now.end());
    group("state", state);
    std::vector<std::uint64_t> memory = environment.Memory();
    group("memory", memory);
    if (archive.restoring()) {
      if (static_cast<Index>(state.size()) != now.size()) {
        throw InputError("the environment of the checkpoint has " + std::to_string(state.size()) +
                         " states, but the configured one has " + std::to_string(now.size()));
      }
      group.Require(envs::Vector::Map(state.data(), now.size()).allFinite(), "state",
                    "is not finite");
      // The memory first: it may contain drawn parameters, which define the physics of the state.
      environment.SetMemory(memory);
      environment.SetState(Eigen::Map<const envs::Vector>(state.data(), now.size()));
    }
    group("terminated", copy.last.terminated);
    group("truncated", copy.last.truncated);
    group.Between("length", copy.length, 0, kMaxCount);
  }
  if (archive.restoring()) observations_ = raw_.cast<Real>();
}

}  // namespace nabla::agent
