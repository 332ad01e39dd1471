#include "envs/core/environment.h"

#include <stdexcept>

#include "envs/core/names.h"

namespace nabla::envs {

void Environment::SetMemory(std::span<const std::uint64_t> words) {
  if (!words.empty()) {
    throw std::invalid_argument(spec().name + ": no memory beyond the state, but " +
                                std::to_string(words.size()) + " words were given");
  }
}

void Environment::SetParameters(const ParameterValues& values) {
  if (!values.empty()) {
    throw std::invalid_argument(spec().name + ": " +
                                UnknownName("parameter", values.begin()->first, {}));
  }
}

}  // namespace nabla::envs
