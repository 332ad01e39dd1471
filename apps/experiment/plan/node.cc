#include "apps/experiment/plan/node.h"

#include <stdexcept>
#include <utility>

#include "config/error.h"
#include "config/scalar.h"

namespace nabla::experiment {

using config::Node;

void FailAt(const config::Document& document, const config::Place& place, const std::string& text) {
  throw config::Error(document.Where(place) + text);
}

void RequireMapping(const Node& node, const std::string& path, const std::string& example,
                    const config::Document& document) {
  if (node.kind == Node::Kind::kMapping) return;
  FailAt(document, node.place, path + ": expected " + example);
}

std::optional<Node> Take(Node& mapping, std::string_view key) {
  for (std::size_t i = 0; i < mapping.keys.size(); ++i) {
    if (mapping.keys[i].name != key) continue;
    Node value = std::move(mapping.items[i]);
    mapping.keys.erase(mapping.keys.begin() + static_cast<std::ptrdiff_t>(i));
    mapping.items.erase(mapping.items.begin() + static_cast<std::ptrdiff_t>(i));
    return value;
  }
  return std::nullopt;
}

std::string FlowYaml(const Node& node) {
  constexpr const char* kSpecial = ",[]{}:#&*!|>'\"%@`";
  std::string text;
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kText:
      return node.quoted || node.text.find_first_of(kSpecial) != std::string::npos
                 ? config::ToYaml(node.text)
                 : node.text;
    case Node::Kind::kSequence:
      for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + FlowYaml(item);
      return "[" + text + "]";
    case Node::Kind::kMapping:
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        text += (i == 0 ? "" : ", ") + config::ToYaml(node.keys[i].name) + ": " +
                FlowYaml(node.items[i]);
      }
      return "{" + text + "}";
  }
  throw std::logic_error("unknown kind of node");
}

}  // namespace nabla::experiment
