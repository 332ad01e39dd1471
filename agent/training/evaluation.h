// Evaluation: whole episodes of a fixed policy, each in its own environment.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/policy/policy.h"
#include "envs/core/environment.h"

namespace nabla::agent {

struct EvaluationConfig {
  std::int64_t every = 1000;
  int episodes = 10;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("every", every, "Environment steps between evaluations; 0: only at the end").AtLeast(0);
    ar("episodes", episodes, "Episodes per evaluation, with the deterministic policy")
        .Between(1, 1'000'000);
  }
};

// Returns (sums of rewards) and lengths (steps) of whole episodes, in the order of their seeds.
struct EvaluationResult {
  std::vector<double> returns;
  std::vector<double> lengths;
};

double Mean(const std::vector<double>& values);
double StandardDeviation(const std::vector<double>& values);  // of the population, like numpy.std
// The mean without the lowest and the highest quarter of the values, each rounded down
// (Agarwal et al. 2021).
double InterquartileMean(std::vector<double> values);
double Minimum(const std::vector<double>& values);
double Maximum(const std::vector<double>& values);

// Episode i uses the random stream (seed, "<stream>.<i>"), so its result does not depend on the
// number of episodes.
EvaluationResult Evaluate(const Policy& policy, const envs::Environment& environment, int episodes,
                          std::uint64_t seed, const std::string& stream);

// The same, but nothing if `stop` is set before the end. It is polled after each step.
std::optional<EvaluationResult> EvaluateUnlessStopped(const Policy& policy,
                                                      const envs::Environment& environment,
                                                      int episodes, std::uint64_t seed,
                                                      const std::string& stream,
                                                      const std::atomic<bool>& stop);

}  // namespace nabla::agent
