// The built-in environments: one table, one line each; and a user's own, added at run time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "envs/core/environment.h"

namespace nabla::envs {

class FloatBatch;

struct Entry {
  std::string name;
  std::string summary;  // one line for `nabla list envs`
  std::unique_ptr<Environment> (*make)();
  // A batch of copies from a seed (batch.h); null where there is none.
  std::unique_ptr<FloatBatch> (*make_batch)(int copies, std::uint64_t seed) = nullptr;
};

const std::vector<Entry>& Registry();

// Adds an environment of one's own to the table. Call it at the start of main, before other threads
// run. Throws std::invalid_argument for a name that is taken.
void Register(const Entry& entry);

// The environment alone, without a time limit (environment_config.h makes one with wrappers).
// Throws std::invalid_argument that lists the nearest and all known names.
std::unique_ptr<Environment> Make(std::string_view name);

// The names of the table, in its order.
std::vector<std::string> Names();

}  // namespace nabla::envs
