// SearchParameter: a range that a search looks in. Its value is assigned to one or several keys of
// the task file.
//
//   agent.polyak_rate: {log: [0.002, 0.1]}          u in [0, 1] ↦ low (high/low)^u
//   agent.gamma: {linear: [0.9, 0.999]}             low + (high − low) u
//   agent.policy_delay: {int: [1, 4]}               low … high, each for an equal part of [0, 1]
//   agent.batch_size: {log_int: [16, 512]}          the same on a logarithmic scale
//   width: {choice: [[32, 32], [64, 64]], keys: [agent.actor.hidden, agent.critic.hidden]}
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "apps/experiment/plan/experiment_file.h"
#include "apps/experiment/search/tpe.h"

namespace nabla::experiment {

struct SearchParameter {
  enum Scale : std::size_t { kLinear, kLog, kInt, kLogInt, kChoice };
  static constexpr std::array<const char*, 5> kScales = {"linear", "log", "int", "log_int",
                                                         "choice"};

  std::string name;
  std::vector<std::string> keys = {};
  Scale scale = kLinear;
  double low = 0;
  double high = 1;
  std::vector<std::string> choices = {};  // as YAML on one line
  config::Place place = {};

  Coordinate coordinate() const { return {static_cast<int>(choices.size())}; }

  // The value at u in [0, 1], as YAML.
  std::string Value(double u) const;

  // The assignments of the value at u to all keys.
  std::vector<Assignment> Assign(double u) const;

  // "log 0.002 … 0.1".
  std::string Range() const;
};

// Reads the mapping `search.parameters`. Throws config::Error with the place.
std::vector<SearchParameter> ReadParameters(const config::Node& node,
                                            const config::Document& document);

}  // namespace nabla::experiment
