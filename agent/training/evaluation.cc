#include "agent/training/evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agent/training/vector_environment.h"

namespace nabla::agent {

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double StandardDeviation(const std::vector<double>& values) {
  const double mean = Mean(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(values.size()));
}

double InterquartileMean(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto cut = static_cast<std::ptrdiff_t>(values.size() / 4);
  return Mean({values.begin() + cut, values.end() - cut});
}

double Minimum(const std::vector<double>& values) {
  return *std::min_element(values.begin(), values.end());
}

double Maximum(const std::vector<double>& values) {
  return *std::max_element(values.begin(), values.end());
}

EvaluationResult Evaluate(const Policy& policy, const envs::Environment& environment, int episodes,
                          std::uint64_t seed, const std::string& stream) {
  // All episodes advance together, so the policy computes their actions as one batch.
  VectorEnvironment environments(environment, episodes, seed, stream);
  PolicyTape tape = policy.MakeTape(episodes);
  Matrix actions(environment.spec().action_size, episodes);
  const auto count = static_cast<std::size_t>(episodes);
  EvaluationResult result{std::vector<double>(count), std::vector<double>(count)};
  std::vector<bool> done(count, false);  // only the first episode of each copy counts
  Rng unused(0);
  for (std::size_t left = count; left > 0;) {
    policy.ActNormalized(environments.observations(), Mode::kExploit, unused, tape, actions);
    environments.Step(actions);
    for (std::size_t i = 0; i < count; ++i) {
      const auto copy = static_cast<Index>(i);
      if (done[i] || !environments.ended(copy)) continue;
      done[i] = true;
      --left;
      result.returns[i] = environments.total_reward(copy);
      result.lengths[i] = static_cast<double>(environments.length(copy));
    }
  }
  return result;
}

}  // namespace nabla::agent
