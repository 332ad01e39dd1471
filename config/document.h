// A YAML document as a tree of nodes, each with its place in the source.
//
// It supports the subset of YAML that a config needs: one document, one mapping at the root, unique
// keys that are text. Duplicate keys, anchors, aliases, merge keys (<<), tags and more than 100
// levels of nesting are errors. parse.cc parses it with yaml-cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nabla::config {

struct Place {
  int source = 0;  // index into Document::sources
  int line = 0;    // 1-based; 0 in a source without lines (--set)
  int column = 0;  // 1-based, in characters
};

struct Key {
  std::string name;
  Place place;
};

struct Node {
  enum class Kind { kNull, kText, kSequence, kMapping };
  Kind kind = Kind::kNull;
  Place place;              // of the value; of its key when there is no value
  std::string text;         // kText
  bool quoted = false;      // kText: in quotes or a block, so never a number or a boolean
  std::vector<Key> keys;    // kMapping: keys[i] names items[i]
  std::vector<Node> items;  // kSequence, kMapping

  // The value of `key`; null if it is absent or if this is not a mapping.
  const Node* Find(std::string_view key) const;
};

struct Document {
  Node root;  // a mapping
  // The names in messages: the file, then "--set KEY=VALUE" for each override.
  std::vector<std::string> sources;

  // The start of a message: "file:line:column: " or "--set KEY=VALUE: ".
  std::string Where(const Place& place) const;
};

// Parses `text`, which messages call `name`, and applies `overrides`. An override such as
// "agent.gamma=0.98" is a path of keys and a YAML value, which replaces the present one or is
// added. The last override of a key wins. Throws Error.
Document ParseDocument(const std::string& text, const std::string& name,
                       const std::vector<std::string>& overrides);

// Throws Error if the file cannot be read, with the most similar file name in its folder.
std::string ReadWholeFile(const std::string& path);

}  // namespace nabla::config
