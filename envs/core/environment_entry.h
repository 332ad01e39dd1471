// EnvironmentEntry: one line of the table of environments (registry.h): a name and how to make it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "envs/core/environment.h"
#include "envs/core/float_batch.h"

namespace nabla::envs {

struct EnvironmentEntry {
  std::string name;     // spec().name of what `make` returns
  std::string summary;  // one line, shown by `nabla list envs`
  std::function<std::unique_ptr<Environment>()> make;
  // A FloatBatch of `copies`; empty if the environment has none.
  std::function<std::unique_ptr<FloatBatch>(int copies, std::uint64_t seed)> make_batch = nullptr;
};

}  // namespace nabla::envs
