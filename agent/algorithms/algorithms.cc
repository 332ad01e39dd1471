#include "agent/algorithms/algorithms.h"

#include <stdexcept>
#include <utility>

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

const ActorCriticConfig& SharedConfig(const AlgorithmConfig& config) {
  return std::visit([](const ActorCriticConfig& own) -> const ActorCriticConfig& { return own; },
                    config);
}

ActorCriticConfig& SharedConfig(AlgorithmConfig& config) {
  return std::visit([](ActorCriticConfig& own) -> ActorCriticConfig& { return own; }, config);
}

std::unique_ptr<Agent> MakeAgent(const AlgorithmConfig& config, const AgentContext& context) {
  return std::visit(
      [&](const auto& own) -> std::unique_ptr<Agent> {
        return std::make_unique<typename std::decay_t<decltype(own)>::Algorithm>(own, context);
      },
      config);
}

}  // namespace nabla::agent
