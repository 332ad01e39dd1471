// The algorithms: one line in AlgorithmConfig and one in algorithms.cc each.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/agent.h"
#include "agent/ddpg.h"
#include "agent/sac.h"
#include "agent/td3.h"
#include "agent/tqc.h"
#include "agent/workers.h"

namespace nabla::agent {

using AlgorithmConfig = std::variant<Td3Config, SacConfig, TqcConfig, DdpgConfig>;

struct AlgorithmEntry {
  std::string name;
  std::string summary;  // one line for `nabla list algorithms`
  AlgorithmConfig (*make_config)();
};

const std::vector<AlgorithmEntry>& Algorithms();

// Throws std::invalid_argument that lists the known names.
AlgorithmConfig DefaultConfig(std::string_view name);

std::string AlgorithmName(const AlgorithmConfig& config);

// `workers` must outlive the agent.
std::unique_ptr<Agent> MakeAgent(const AlgorithmConfig& config, Index observation_size,
                                 Index action_size, Rng& initialization, Workers& workers);

}  // namespace nabla::agent
