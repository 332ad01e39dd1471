#include "agent/training/evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agent/training/vector_environment.h"
#include "nn/kernels/denormals.h"

namespace nabla::agent {
namespace {

// Episodes that advance together, so that the policy computes their actions as one batch. The
// number bounds the memory and the time of a step.
constexpr int kTogether = 256;

// Appends the return and the length of the first episode of each copy. False if `stop` was set.
bool PlayFirstEpisodes(const Policy& policy, VectorEnvironment& environments,
                       const std::atomic<bool>& stop, EvaluationResult& result) {
  PolicyTape tape = policy.MakeTape(static_cast<int>(environments.count()));
  Matrix actions(policy.bounds().size(), environments.count());
  const std::size_t first = result.returns.size();
  const auto count = static_cast<std::size_t>(environments.count());
  result.returns.resize(first + count);
  result.lengths.resize(first + count);
  std::vector<bool> done(count, false);
  Rng unused(0);
  for (std::size_t left = count; left > 0;) {
    if (stop) return false;
    policy.ActNormalized(environments.observations(), Mode::kExploit, unused, tape, actions);
    environments.Step(actions);
    for (std::size_t i = 0; i < count; ++i) {
      const auto copy = static_cast<Index>(i);
      if (done[i] || !environments.ended(copy)) continue;
      done[i] = true;
      --left;
      result.returns[first + i] = environments.total_reward(copy);
      result.lengths[first + i] = static_cast<double>(environments.length(copy));
    }
  }
  return true;
}

}  // namespace

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
  const std::atomic<bool> never = false;
  return *EvaluateUnlessStopped(policy, environment, episodes, seed, stream, never);
}

std::optional<EvaluationResult> EvaluateUnlessStopped(const Policy& policy,
                                                      const envs::Environment& environment,
                                                      int episodes, std::uint64_t seed,
                                                      const std::string& stream,
                                                      const std::atomic<bool>& stop) {
  const nn::FlushDenormals flush;
  EvaluationResult result;
  for (int first = 0; first < episodes; first += kTogether) {
    VectorEnvironment environments(environment, std::min(kTogether, episodes - first), seed, stream,
                                   first);
    if (!PlayFirstEpisodes(policy, environments, stop, result)) return std::nullopt;
  }
  return result;
}

}  // namespace nabla::agent
