// Conversion between YAML files and plain structs. config/reader.h explains how a struct names its
// keys, and which field types there are.
//
// Law: ReadText<T>(Write(c), ...) equals c bit for bit, for every c whose values are in range.
#pragma once

#include <string>
#include <vector>

#include "config/document.h"
#include "config/error.h"
#include "config/fields.h"
#include "config/reader.h"

namespace nabla::config {

// Reads a T from YAML text. Keys that are absent keep the default of T. Messages call the text
// `name`. Each of `overrides` is an assignment such as "agent.gamma=0.98". Throws Error, one line,
// for the first problem.
template <class T>
T ReadText(const std::string& text, const std::string& name,
           const std::vector<std::string>& overrides = {}) {
  T config{};
  const Document document = ParseDocument(text, name, overrides);
  const std::vector<KnownKey> all_keys = AllKeys(FieldsOf(config));
  Reader(document, all_keys).Read(config);
  return config;
}

template <class T>
T ReadFile(const std::string& path, const std::vector<std::string>& overrides = {}) {
  return ReadText<T>(ReadWholeFile(path), path, overrides);
}

struct WriteOptions {
  bool comments = false;  // the meaning and range of each key after its value
};

// All active keys and their values, in the order of Visit.
std::string WriteFields(const Field& root, WriteOptions options);
template <class T>
std::string Write(const T& config, WriteOptions options = {}) {
  return WriteFields(FieldsOf(config), options);
}

// A key whose value differs between two configs. A value is YAML text, "" if the key does not
// exist.
struct Difference {
  std::string path;
  std::string left;
  std::string right;
};

std::vector<Difference> DiffFields(const Field& left, const Field& right);
template <class T>
std::vector<Difference> Diff(const T& left, const T& right) {
  return DiffFields(FieldsOf(left), FieldsOf(right));
}

// A Markdown table of every key of T with its type, default, range and meaning. It includes the
// keys of all alternatives.
std::string ReferenceTable(const Field& root);
template <class T>
std::string Reference() {
  return ReferenceTable(FieldsOf(T{}));
}

}  // namespace nabla::config
