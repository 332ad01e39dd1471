#include "agent/algorithms/algorithms.h"

#include <utility>

#include "envs/core/unknown_name.h"

namespace nabla::agent {
namespace {

template <std::size_t... kIndex>
std::vector<AlgorithmEntry> MakeTable(std::index_sequence<kIndex...>) {
  return {{std::variant_alternative_t<kIndex, AlgorithmConfig>::kName,
           std::variant_alternative_t<kIndex, AlgorithmConfig>::kSummary,
           [] { return AlgorithmConfig(std::in_place_index<kIndex>); }}...};
}

}  // namespace

const std::vector<AlgorithmEntry>& Algorithms() {
  static const std::vector<AlgorithmEntry> table =
      MakeTable(std::make_index_sequence<std::variant_size_v<AlgorithmConfig>>());
  return table;
}

AlgorithmConfig DefaultConfig(std::string_view name) {
  std::vector<std::string> known;
  for (const AlgorithmEntry& entry : Algorithms()) {
    if (entry.name == name) return entry.make_config();
    known.push_back(entry.name);
  }
  throw envs::UnknownNameError("algorithm", std::string(name), known);
}

std::string AlgorithmName(const AlgorithmConfig& config) {
  return std::visit([](const auto& own) { return std::string(own.kName); }, config);
}

std::unique_ptr<Agent> MakeAgent(const AlgorithmConfig& config, const AgentContext& context) {
  auto agent = std::visit(
      [&](const auto& own) -> std::unique_ptr<Agent> {
        return std::make_unique<typename std::decay_t<decltype(own)>::Algorithm>(own, context);
      },
      config);
  agent->policy().ClimbOn(agent->critics().shared_network(0));
  return agent;
}

}  // namespace nabla::agent
