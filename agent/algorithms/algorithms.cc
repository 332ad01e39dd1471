#include "agent/algorithms/algorithms.h"

#include <stdexcept>

namespace nabla::agent {
namespace {

template <class Config>
AlgorithmEntry Entry(const char* summary) {
  return {Config::kName, summary, [] { return AlgorithmConfig(Config()); }};
}

}  // namespace

const std::vector<AlgorithmEntry>& Algorithms() {
  static const std::vector<AlgorithmEntry> table = {
      Entry<Td3Config>("twin delayed deterministic policy gradient (Fujimoto et al. 2018)"),
      Entry<SacConfig>("soft actor-critic, learned temperature (Haarnoja et al. 2018b)"),
      Entry<TqcConfig>("truncated quantile critics (Kuznetsov et al. 2020)"),
      Entry<DdpgConfig>("deep deterministic policy gradient (Lillicrap et al. 2016)"),
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
