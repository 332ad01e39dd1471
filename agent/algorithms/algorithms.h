// The algorithms: one alternative of AlgorithmConfig each. All lists follow from it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "agent/algorithms/agent.h"
#include "agent/algorithms/ddpg.h"
#include "agent/algorithms/sac.h"
#include "agent/algorithms/td3.h"
#include "agent/algorithms/tqc.h"

namespace nabla::agent {

using AlgorithmConfig = std::variant<Td3Config, SacConfig, TqcConfig, DdpgConfig>;

struct AlgorithmEntry {
  std::string name;
  std::string summary;  // one line, for `nabla list algorithms`
  AlgorithmConfig (*make_config)();
};

const std::vector<AlgorithmEntry>& Algorithms();

// Throws envs::UnknownNameError.
AlgorithmConfig DefaultConfig(std::string_view name);

std::string AlgorithmName(const AlgorithmConfig& config);

// The part of a config that all algorithms share.
template <class Config>
auto& SharedConfig(Config& config) {
  using Shared =
      std::conditional_t<std::is_const_v<Config>, const ActorCriticConfig, ActorCriticConfig>;
  return std::visit([](Shared& own) -> Shared& { return own; }, config);
}

std::unique_ptr<Agent> MakeAgent(const AlgorithmConfig& config, const AgentContext& context);

}  // namespace nabla::agent
