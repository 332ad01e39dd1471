#include "apps/experiment/search/parameter.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

#include "agent/state/csv.h"
#include "apps/experiment/plan/node.h"

namespace nabla::experiment {
namespace {

using config::Document;
using config::Node;

// One parameter: {<scale>: [low, high], keys: [...]}.
struct ParameterConfig {
  std::array<std::optional<std::vector<double>>, SearchParameter::kChoice> ranges;  // by Scale
  Verbatim choice;
  std::vector<std::string> keys;

  template <class Archive>
  void Visit(Archive& ar) {
    for (std::size_t k = 0; k < SearchParameter::kChoice; ++k)
      ar(SearchParameter::kScales[k], ranges[k], "[low, high]");
    ar(SearchParameter::kScales[SearchParameter::kChoice], choice, "A list of values");
    ar("keys", keys, "The keys that get the value, such as [agent.actor.hidden]");
  }
};

void CheckBounds(const SearchParameter& parameter, const std::vector<double>& bounds,
                 const std::function<void(const std::string&)>& fail) {
  const bool is_log =
      parameter.scale == SearchParameter::kLog || parameter.scale == SearchParameter::kLogInt;
  const bool is_int =
      parameter.scale == SearchParameter::kInt || parameter.scale == SearchParameter::kLogInt;
  if (bounds.size() != 2 || !(bounds[0] < bounds[1])) fail("expected [low, high] with low < high");
  if (is_log && bounds[0] <= 0) fail("the bounds of a logarithmic range must be above 0");
  if (is_int && (std::trunc(bounds[0]) != bounds[0] || std::trunc(bounds[1]) != bounds[1])) {
    fail("expected two integers");
  }
}

SearchParameter ReadParameter(const config::Key& key, Node node, const Document& document) {
  const std::string path = "search.parameters." + key.name;
  SearchParameter parameter{.name = key.name, .place = key.place};
  const auto fail_at = [&](const config::Place& place) {
    return [&, place](const std::string& text) {
      FailAt(document, place, path + "." + SearchParameter::kScales[parameter.scale] + ": " + text);
    };
  };
  const std::optional<Node> choice = Take(node, SearchParameter::kScales[SearchParameter::kChoice]);
  const bool has_keys = node.Find("keys") != nullptr;
  ParameterConfig read;
  ReadStruct(read, node, path, document);
  std::size_t scales = choice ? 1 : 0;
  if (choice) {
    parameter.scale = SearchParameter::kChoice;
    for (const Node& item : choice->items) parameter.choices.push_back(FlowYaml(item));
    const std::set<std::string> distinct(parameter.choices.begin(), parameter.choices.end());
    if (choice->kind != Node::Kind::kSequence || distinct.size() < 2 ||
        distinct.size() < parameter.choices.size()) {
      fail_at(choice->place)("expected a list of at least two values, all different");
    }
  }
  for (std::size_t k = 0; k < SearchParameter::kChoice; ++k) {
    if (!read.ranges[k]) continue;
    ++scales;
    parameter.scale = static_cast<SearchParameter::Scale>(k);
    CheckBounds(parameter, *read.ranges[k], fail_at(node.Find(SearchParameter::kScales[k])->place));
    parameter.low = read.ranges[k]->front();
    parameter.high = read.ranges[k]->back();
  }
  if (scales != 1) {
    FailAt(document, node.place,
           path +
               ": expected a range, such as {log: [1e-4, 1e-2]}, {linear: [0, 1]}, "
               "{int: [1, 4]}, {log_int: [16, 256]} or {choice: [a, b]}");
  }
  if (has_keys && read.keys.empty()) {
    FailAt(document, node.Find("keys")->place,
           path +
               ".keys: expected a list of keys that get the value, such as "
               "[agent.actor.hidden, agent.critic.hidden]");
  }
  parameter.keys = has_keys ? read.keys : std::vector<std::string>{key.name};
  return parameter;
}

// A search cannot resolve more than five digits.
double Rounded(double value) { return std::stod(fmt::format("{:.5g}", value)); }

}  // namespace

std::string SearchParameter::Value(double u) const {
  switch (scale) {
    case kLinear:
      return agent::ShortestText(std::clamp(Rounded(low + (high - low) * u), low, high));
    case kLog:
      return agent::ShortestText(std::clamp(Rounded(low * std::pow(high / low, u)), low, high));
    case kInt:
      return agent::ShortestText(std::min(std::floor(low + (high - low + 1) * u), high));
    case kLogInt:
      return agent::ShortestText(
          std::clamp(std::floor(low * std::pow((high + 1) / low, u)), low, high));
    case kChoice: {
      const auto count = static_cast<double>(choices.size());
      return choices[static_cast<std::size_t>(std::min(std::floor(u * count), count - 1))];
    }
  }
  throw std::logic_error("unknown scale of a parameter");
}

std::vector<Assignment> SearchParameter::Assign(double u) const {
  std::vector<Assignment> assignments;
  for (const std::string& key : keys) assignments.push_back({key, Value(u), place});
  return assignments;
}

std::string SearchParameter::Range() const {
  std::string text = kScales[scale];
  if (scale != kChoice) {
    return text + " " + agent::ShortestText(low) + " … " + agent::ShortestText(high);
  }
  for (const std::string& choice : choices) {
    text += (&choice == choices.data() ? " " : " | ") + choice;
  }
  return text;
}

std::vector<SearchParameter> ReadParameters(const Node& node, const Document& document) {
  if (node.kind != Node::Kind::kMapping || node.keys.empty()) {
    FailAt(
        document, node.place,
        "search.parameters: expected keys and ranges, such as {agent.gamma: {linear: [0.9, 1]}}");
  }
  std::vector<SearchParameter> parameters;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    parameters.push_back(ReadParameter(node.keys[i], node.items[i], document));
  }
  return parameters;
}

}  // namespace nabla::experiment
