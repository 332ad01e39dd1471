// YAML files to plain structs and back: the functions that programs call. How a struct names its
// keys, and which field types there are, stands at the head of config/reader.h.
//
// Law: ReadText<T>(Write(c), ...) equals c bit for bit, for every c whose values are in range.
#pragma once

#include <string>
#include <vector>

#include "config/describe.h"
#include "config/document.h"
#include "config/error.h"
#include "config/reader.h"

namespace nabla::config {

// A T from YAML text. Keys that are absent keep the default of T. `name` is what messages call the
// text; `overrides` are "agent.gamma=0.98" and the like. Throws Error, one line, for the first
// thing that is wrong.
template <class T>
T ReadText(const std::string& text, const std::string& name,
           const std::vector<std::string>& overrides = {}) {
  T config{};
  const Document document = ParseDocument(text, name, overrides);
  const std::vector<KnownKey> all_keys = AllKeys(Describe(config));
  Reader(document, all_keys).Read(config);
  return config;
}

template <class T>
T ReadFile(const std::string& path, const std::vector<std::string>& overrides = {}) {
  return ReadText<T>(ReadWholeFile(path), path, overrides);
}

struct WriteOptions {
  bool comments = false;  // what each key means and its range, behind it
};

// All keys that hold and their values, in the order of Visit.
std::string WriteEntry(const Entry& root, WriteOptions options);
template <class T>
std::string Write(const T& config, WriteOptions options = {}) {
  return WriteEntry(Describe(config), options);
}

// A key whose value is not the same in two configs. A value is text as in YAML, and "" where the
// key does not exist.
struct Difference {
  std::string path;
  std::string left;
  std::string right;
};

std::vector<Difference> DiffEntries(const Entry& left, const Entry& right);
template <class T>
std::vector<Difference> Diff(const T& left, const T& right) {
  return DiffEntries(Describe(left), Describe(right));
}

// Every key of T with type, default, range and meaning, keys of all alternatives included: a
// Markdown table with aligned columns.
std::string ReferenceTable(const Entry& root);
template <class T>
std::string Reference() {
  return ReferenceTable(Describe(T{}));
}

}  // namespace nabla::config
