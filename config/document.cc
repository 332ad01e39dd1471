#include "config/document.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "config/error.h"
#include "config/parse.h"
#include "config/scalar.h"

namespace nabla::config {
namespace {

std::string Trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> SplitPath(const std::string& path) {
  std::vector<std::string> keys;
  std::size_t begin = 0;
  for (std::size_t dot = 0; dot != std::string::npos; begin = dot + 1) {
    dot = path.find('.', begin);
    keys.push_back(Trimmed(path.substr(begin, dot - begin)));
  }
  return keys;
}

// The value of `key` in a mapping; adds it without a value if it is absent.
Node& FindOrAdd(Node& mapping, const Key& key) {
  for (std::size_t i = 0; i < mapping.keys.size(); ++i) {
    if (mapping.keys[i].name == key.name) return mapping.items[i];
  }
  mapping.keys.push_back(key);
  mapping.items.emplace_back();
  mapping.items.back().place = key.place;
  return mapping.items.back();
}

void Override(const std::string& assignment, int source, Document* document) {
  const Place place{source, 0, 0};
  const std::string where = document->Where(place);
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos) {
    throw Error(where + "expected KEY=VALUE, such as agent.gamma=0.98");
  }
  const std::vector<std::string> keys = SplitPath(assignment.substr(0, equals));
  if (std::find(keys.begin(), keys.end(), "") != keys.end()) {
    throw Error(where + "empty key; expected KEY=VALUE, such as agent.gamma=0.98");
  }
  constexpr std::size_t kDeepest = 100;
  if (keys.size() > kDeepest) throw Error(where + "more than 100 keys deep");
  Node value = ParseYaml(assignment.substr(equals + 1), source, *document);
  value.place = place;
  Node* node = &document->root;
  std::string path;
  for (const std::string& key : keys) {
    if (node->kind == Node::Kind::kNull) node->kind = Node::Kind::kMapping;
    if (node->kind != Node::Kind::kMapping) {
      throw Error(where + path + " is not a mapping, so it has no key " + Quoted(key));
    }
    path += (path.empty() ? "" : ".") + key;
    node = &FindOrAdd(*node, {key, place});
  }
  *node = std::move(value);
}

}  // namespace

const Node* Node::Find(std::string_view key) const {
  const auto same = [key](const Key& k) { return k.name == key; };
  const auto found = std::find_if(keys.begin(), keys.end(), same);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

std::string Document::Where(const Place& place) const {
  std::string where = sources[static_cast<std::size_t>(place.source)];
  if (place.line > 0) {
    where += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  }
  return where + ": ";
}

Document ParseDocument(const std::string& text, const std::string& name,
                       const std::vector<std::string>& overrides) {
  Document document;
  document.sources.push_back(OneLine(name, name.size()));
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  document.root = ParseYaml(text.starts_with(kByteOrderMark) ? text.substr(3) : text, 0, document);
  const Node& root = document.root;
  if (root.kind == Node::Kind::kNull) {
    throw Error(document.Where({0, 1, 1}) +
                "the config is empty; expected keys and values, such as 'seed: 1'");
  }
  if (root.kind != Node::Kind::kMapping) {
    throw Error(document.Where(root.place) + "expected keys and values, such as 'seed: 1'");
  }
  for (const std::string& override_text : overrides) {
    document.sources.push_back("--set " + OneLine(override_text, 200));
    Override(override_text, static_cast<int>(document.sources.size()) - 1, &document);
  }
  return document;
}

}  // namespace nabla::config
