#include "agent/training/evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "agent/training/lanes.h"

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

EvaluationResult Evaluate(const Agent& agent, const envs::Environment& environment, int episodes,
                          std::uint64_t seed, const std::string& stream) {
  // All episodes advance together, so that the policy sees them as one batch.
  Lanes lanes(environment, episodes, seed, stream);
  ActTape tape = agent.MakeActTape(episodes);
  Matrix actions(environment.spec().action_size, episodes);
  const auto count = static_cast<std::size_t>(episodes);
  EvaluationResult result{std::vector<double>(count), std::vector<double>(count)};
  std::vector<bool> done(count, false);  // a lane's first episode alone counts
  Rng unused(0);
  for (std::size_t left = count; left > 0;) {
    agent.Act(lanes.observations(), Mode::kExploit, unused, tape, actions);
    lanes.Step(actions);
    for (std::size_t i = 0; i < count; ++i) {
      const auto lane = static_cast<Index>(i);
      if (done[i] || !lanes.ended(lane)) continue;
      done[i] = true;
      --left;
      result.returns[i] = lanes.total_reward(lane);
      result.lengths[i] = static_cast<double>(lanes.length(lane));
    }
  }
  return result;
}

}  // namespace nabla::agent
