#include "agent/algorithms.h"

#include <stdexcept>

namespace nabla::agent {
namespace {

std::unique_ptr<Agent> Make(const Td3Config& config, Index observation_size, Index action_size,
                            Rng& initialization, Workers& workers) {
  return std::make_unique<Td3>(config, observation_size, action_size, initialization, workers);
}

template <class Config>
AlgorithmEntry Entry(const char* summary) {
  return {Config::kName, summary, [] { return AlgorithmConfig(Config()); }};
}

}  // namespace

const std::vector<AlgorithmEntry>& Algorithms() {
  static const std::vector<AlgorithmEntry> table = {
      Entry<Td3Config>("twin delayed deterministic policy gradient (Fujimoto et al. 2018)"),
  };
  return table;
}

AlgorithmConfig DefaultConfig(std::string_view name) {
  std::string known;
  for (const AlgorithmEntry& entry : Algorithms()) {
    if (entry.name == name) return entry.make_config();
    known += (known.empty() ? "" : ", ") + entry.name;
  }
  throw std::invalid_argument("unknown algorithm '" + std::string(name) + "'; known: " + known);
}

std::string AlgorithmName(const AlgorithmConfig& config) {
  return std::visit([](const auto& own) { return std::string(own.kName); }, config);
}

std::unique_ptr<Agent> MakeAgent(const AlgorithmConfig& config, Index observation_size,
                                 Index action_size, Rng& initialization, Workers& workers) {
  return std::visit(
      [&](const auto& own) {
        return Make(own, observation_size, action_size, initialization, workers);
      },
      config);
}

}  // namespace nabla::agent
