// Reading parts of an experiment file node by node: checks that the config reader does not do,
// since their keys are not known beforehand.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/document.h"

namespace nabla::experiment {

// Throws config::Error for `place` of the document.
[[noreturn]] void FailAt(const config::Document& document, const config::Place& place,
                         const std::string& text);

// Throws config::Error unless the node, the value of the key `path`, is a mapping.
void RequireMapping(const config::Node& node, const std::string& path, const std::string& example,
                    const config::Document& document);

// Removes `key` from the mapping and returns its value; nothing if the key is absent.
std::optional<config::Node> Take(config::Node& mapping, std::string_view key);

// A value as YAML on one line.
std::string FlowYaml(const config::Node& node);

// Reads a config struct from one mapping of the document, the value of the key `path`. Throws
// config::Error.
template <class T>
void ReadStruct(T& value, const config::Node& node, const std::string& path,
                const config::Document& document) {
  // A mapping around the node, so that messages contain the path from the root.
  struct Block {
    const std::string& path;
    T& value;
    void Visit(config::Reader& reader) { reader(path.c_str(), value, ""); }
    void Visit(config::FieldCollector& fields) { fields(path.c_str(), value, ""); }
  };
  config::Document part{{}, document.sources};
  part.root.kind = config::Node::Kind::kMapping;
  part.root.keys = {{path, node.place}};
  part.root.items = {node};
  Block block{path, value};
  const std::vector<config::KnownKey> all_keys = config::AllKeys(config::FieldsOf(block));
  config::Reader(part, all_keys).Read(block);
}

}  // namespace nabla::experiment
