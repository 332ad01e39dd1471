// A YAML document as a tree of nodes, each with the place it was written at.
//
// The subset of YAML that a config needs, and nothing that could change a value behind the reader's
// back: one document, one mapping at the root, keys that are text and unique. Duplicate keys,
// anchors, aliases, merge keys (<<), tags and more than 100 levels of nesting are errors. yaml-cpp
// does the parsing, in document.cc alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nabla::config {

struct Place {
  int source = 0;  // index into Document::sources
  int line = 0;    // 1-based; 0 in a source that has no lines (--set)
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
  bool quoted = false;      // kText: in quotes or a block, hence never a number or a truth value
  std::vector<Key> keys;    // kMapping: keys[i] names items[i]
  std::vector<Node> items;  // kSequence, kMapping

  // The value of `key`, or null when it is absent or this is no mapping.
  const Node* Find(std::string_view key) const;
};

struct Document {
  Node root;  // a mapping
  std::vector<std::string>
      sources;  // what messages call them: the file name, then "--set KEY=VALUE"...

  // The beginning of a message: "file:line:column: " or "--set KEY=VALUE: ".
  std::string Where(const Place& place) const;
};

// The document in `text`, called `name` in messages, after `overrides` (each "agent.gamma=0.98": a
// path of keys and a YAML value that replaces what stands there, or is added). The last override of
// a key wins. Throws Error.
Document ParseDocument(const std::string& text, const std::string& name,
                       const std::vector<std::string>& overrides);

// The whole file. Throws Error when it cannot be read, with the most similar file name of that
// folder.
std::string ReadWholeFile(const std::string& path);

}  // namespace nabla::config
