#include "envs/core/environment.h"

#include <stdexcept>

#include "envs/core/unknown_name.h"

namespace nabla::envs {

void Environment::SetMemory(std::span<const std::uint64_t> words) {
  if (!words.empty()) {
    throw std::invalid_argument(spec().name + ": has no memory beyond its state, but " +
                                std::to_string(words.size()) + " words were given");
  }
}

void Environment::SetParameters(const ParameterValues& values) {
  if (!values.empty()) {
    throw UnknownNameError("parameter", values.begin()->first, {}, spec().name);
  }
}

const Differentiable& RequireDerivatives(const Environment& environment,
                                         std::string_view needed_by) {
  if (const Differentiable* differentiable = environment.differentiable()) return *differentiable;
  throw std::invalid_argument(environment.spec().name + ": this environment has no derivatives; " +
                              std::string(needed_by) + " needs them");
}

}  // namespace nabla::envs
