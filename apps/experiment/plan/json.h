// What JSON lacks: numbers that do not exist.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace nabla::experiment {

// null for no value, and for infinities and NaN, which JSON cannot represent.
inline nlohmann::json NumberOrNull(std::optional<double> value) {
  return value && std::isfinite(*value) ? nlohmann::json(*value) : nlohmann::json();
}

inline std::optional<double> OptionalNumber(const nlohmann::json& json) {
  return json.is_null() ? std::nullopt : std::optional<double>(json.get<double>());
}

}  // namespace nabla::experiment
