#include "apps/experiment/search/parameter.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "agent/state/csv.h"
#include "apps/experiment/plan/node.h"
#include "apps/experiment/plan/words.h"
#include "config/reader.h"
#include "config/scalar.h"

namespace nabla::experiment {
namespace {

using config::Document;
using config::Node;

constexpr const char* kExample =
    "expected a range, such as {log: [1e-4, 1e-2]}, {linear: [0, 1]}, {int: [1, 4]}, "
    "{log_int: [16, 256]} or {choice: [a, b]}";

// One parameter: {<scale>: [...], keys: [...]}.
class ParameterReader {
 public:
  ParameterReader(const config::Key& key, const Document& document)
      : document_(document), path_("search.parameters." + key.name) {
    parameter_.name = key.name;
    parameter_.place = key.place;
  }

  Parameter Read(const Node& node) {
    if (node.kind != Node::Kind::kMapping) FailAt(document_, node.place, path_ + ": " + kExample);
    int scales = 0;
    for (std::size_t i = 0; i < node.keys.size(); ++i) {
      if (node.keys[i].name == "keys") {
        ReadKeys(node.items[i]);
      } else {
        ReadScale(node.keys[i], node.items[i]);
        ++scales;
      }
    }
    if (scales != 1) FailAt(document_, node.place, path_ + ": " + kExample);
    if (parameter_.keys.empty()) parameter_.keys.push_back(parameter_.name);
    return std::move(parameter_);
  }

 private:
  void ReadKeys(const Node& node) {
    for (const Node& key : node.items) {
      if (key.kind != Node::Kind::kText)
        FailAt(document_, key.place, path_ + ".keys: expected a key");
      parameter_.keys.push_back(key.text);
    }
    if (parameter_.keys.empty()) {
      FailAt(document_, node.place,
             path_ +
                 ".keys: expected a list of keys that get the value, such as "
                 "[agent.actor.hidden, agent.critic.hidden]");
    }
  }

  void ReadScale(const config::Key& key, const Node& node) {
    const auto scale = FromWord<Scale>(key.name);
    if (!scale) {
      std::string message = path_ + "." + key.name + ": unknown key (keys here: ";
      for (const char* word : Words(Scale{})) message += std::string(word) + ", ";
      FailAt(document_, key.place, message + "keys)");
    }
    parameter_.scale = *scale;
    if (*scale == Scale::kChoice) {
      ReadChoices(node);
    } else {
      ReadBounds(node, key.name);
    }
  }

  void ReadChoices(const Node& node) {
    for (const Node& item : node.items) parameter_.choices.push_back(FlowYaml(item));
    const std::set<std::string> distinct(parameter_.choices.begin(), parameter_.choices.end());
    if (node.kind != Node::Kind::kSequence || distinct.size() < 2 ||
        distinct.size() < parameter_.choices.size()) {
      FailAt(document_, node.place,
             path_ + ".choice: expected a list of at least two values, all different");
    }
  }

  void ReadBounds(const Node& node, const std::string& scale) {
    const std::string path = path_ + "." + scale;
    struct Bounds {
      const char* key;
      std::vector<double> bounds;
      void Visit(config::Reader& reader) { reader(key, bounds, ""); }
    };
    Bounds read{path.c_str(), {}};
    Node wrapped;
    wrapped.kind = Node::Kind::kMapping;
    wrapped.keys = {{path, node.place}};
    wrapped.items = {node};
    const Document part{wrapped, document_.sources};
    const std::vector<config::KnownKey> no_keys;
    config::Reader(part, no_keys).Read(read);
    const auto& bounds = read.bounds;
    const bool is_log = parameter_.scale == Scale::kLog || parameter_.scale == Scale::kLogInt;
    const bool is_int = parameter_.scale == Scale::kInt || parameter_.scale == Scale::kLogInt;
    if (bounds.size() != 2 || !(bounds[0] < bounds[1])) {
      FailAt(document_, node.place, path_ + ": expected [low, high] with low < high");
    }
    if (is_log && bounds[0] <= 0) {
      FailAt(document_, node.place, path_ + ": the bounds of a logarithmic range must be above 0");
    }
    if (is_int && (std::trunc(bounds[0]) != bounds[0] || std::trunc(bounds[1]) != bounds[1])) {
      FailAt(document_, node.place, path_ + ": expected two integers");
    }
    parameter_.low = bounds[0];
    parameter_.high = bounds[1];
  }

  const Document& document_;
  std::string path_;
  Parameter parameter_;
};

// A search cannot resolve more than five digits.
double Rounded(double value) { return std::stod(fmt::format("{:.5g}", value)); }

}  // namespace

std::string Parameter::Value(double u) const {
  switch (scale) {
    case Scale::kLinear:
      return agent::ShortestText(std::clamp(Rounded(low + (high - low) * u), low, high));
    case Scale::kLog:
      return agent::ShortestText(std::clamp(Rounded(low * std::pow(high / low, u)), low, high));
    case Scale::kInt:
      return agent::ShortestText(std::min(std::floor(low + (high - low + 1) * u), high));
    case Scale::kLogInt:
      return agent::ShortestText(
          std::clamp(std::floor(low * std::pow((high + 1) / low, u)), low, high));
    case Scale::kChoice: {
      const auto count = static_cast<double>(choices.size());
      return choices[static_cast<std::size_t>(std::min(std::floor(u * count), count - 1))];
    }
  }
  throw std::logic_error("unknown scale of a parameter");
}

std::vector<Assignment> Parameter::Assign(double u) const {
  std::vector<Assignment> assignments;
  for (const std::string& key : keys) assignments.push_back({key, Value(u), place});
  return assignments;
}

std::string Parameter::Range() const {
  std::string text = WordOf(scale);
  if (scale != Scale::kChoice) {
    return text + " " + agent::ShortestText(low) + " … " + agent::ShortestText(high);
  }
  for (const std::string& choice : choices) {
    text += (&choice == choices.data() ? " " : " | ") + choice;
  }
  return text;
}

std::vector<Parameter> ReadParameters(const Node& node, const Document& document) {
  if (node.kind != Node::Kind::kMapping || node.keys.empty()) {
    FailAt(
        document, node.place,
        "search.parameters: expected keys and ranges, such as {agent.gamma: {linear: [0.9, 1]}}");
  }
  std::vector<Parameter> parameters;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    parameters.push_back(ParameterReader(node.keys[i], document).Read(node.items[i]));
  }
  return parameters;
}

}  // namespace nabla::experiment
