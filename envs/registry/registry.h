// The table of environments. The built-in ones are in it from the start; Register adds others.
//
// A new built-in environment is one .cc file in envs/models and one line in registry.cc.
//
// An optional library of environments, such as a physics engine, is a CMake OBJECT library outside
// of envs/ that links nabla_envs and registers its environments at start-up:
//
//   const Registration kBall({"Ball", "a ball that bounces", [] { return ...; }});
//
// A program that links this library with target_link_libraries then has its environments.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "envs/core/environment_entry.h"

namespace nabla::envs {

const std::vector<EnvironmentEntry>& Registry();

// Adds an environment to the table. Call it before other threads start. Throws
// std::invalid_argument if the name is empty or taken, or if the entry has no `make`.
void Register(EnvironmentEntry entry);

// Registers an environment at start-up: define one at namespace scope.
struct Registration {
  explicit Registration(EnvironmentEntry entry) { Register(std::move(entry)); }
};

// The environment alone, without a time limit (environment_config.h makes one with wrappers).
// Throws UnknownNameError.
std::unique_ptr<Environment> Make(std::string_view name);

// The float batch of an environment. Throws UnknownNameError for an unknown name or an environment
// that has no batch (those with discrete actions and the linear-quadratic ones).
std::unique_ptr<FloatBatch> MakeFloatBatch(std::string_view name, int copies, std::uint64_t seed);

// The names in the table, in its order.
std::vector<std::string> Names();

}  // namespace nabla::envs
