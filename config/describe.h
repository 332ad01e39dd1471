// Describer: the archive that turns a struct into a tree of entries. Writing, comparing and
// documenting are functions of that tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nabla::config {

// A key of a config. What does not hold at present (keys of alternatives that are not chosen, of a
// section that is null) is there too, for the documentation, with `active` false.
struct Entry {
  std::string key;   // as YAML
  std::string path;  // "agent.gamma"
  std::string doc;
  std::string type;   // "integer", "[number]" (a list), "text or null", "section", ...
  std::string range;  // "0 to 1", "at least 1", "one of relu, tanh"; "" if any value will do
  std::string text;   // the value as YAML; of a section, only "" (write the entries) or "null"
  std::string when;   // "algorithm TD3" for a key of an alternative
  bool active = true;
  std::vector<Entry> entries;  // of a section, of named parameters
};

// Throws Error where a value could not be read back: a number that is not finite, text that is not
// UTF-8.
class Describer {
 public:
  class Range;

  explicit Describer(Entry* section) : section_(section) {}

  template <class T>
  Range operator()(const char* key, T& field, const char* doc);

  template <class... Alternatives>
  void Choice(const char* key, std::variant<Alternatives...>& choice, const char* doc) {
    AddChoice(key, {Alternatives::kName...}, choice.index(), doc);
    DescribeAlternatives(key, choice, std::index_sequence_for<Alternatives...>{});
  }

 private:
  static void Value(Entry& entry, bool value);
  static void Value(Entry& entry, int value);
  static void Value(Entry& entry, std::int64_t value);
  static void Value(Entry& entry, std::uint64_t value);
  static void Value(Entry& entry, double value);
  static void Value(Entry& entry, std::string& value);
  static void Value(Entry& entry, std::map<std::string, std::vector<double>>& value);

  template <class T>
  static void Value(Entry& entry, std::vector<T>& value) {
    Entry item;
    item.path = entry.path;
    T type_example{};
    Value(item, type_example);
    const std::string type = item.type;
    std::vector<std::string> texts;
    for (T element : value) {
      Value(item, element);
      texts.push_back(item.text);
    }
    SetList(entry, type, texts);
  }

  template <class T>
  static void Value(Entry& entry, std::optional<T>& value) {
    T type_example{};
    Value(entry, value ? *value : type_example);
    entry.type += " or null";
    if (!value) SetNull(entry);
  }

  template <class T>
  static void Value(Entry& entry, T& section) {
    entry.type = "section";
    Describer describer(&entry);
    section.Visit(describer);
  }

  template <class Variant, std::size_t... kIndex>
  void DescribeAlternatives(const char* key, Variant& choice, std::index_sequence<kIndex...>) {
    (DescribeAlternative<kIndex>(key, choice), ...);
  }

  template <std::size_t kIndex, class Variant>
  void DescribeAlternative(const char* key, Variant& choice) {
    using Alternative = std::variant_alternative_t<kIndex, Variant>;
    Alternative defaults;
    Alternative* chosen = std::get_if<kIndex>(&choice);
    const std::size_t first = section_->entries.size();
    (chosen != nullptr ? *chosen : defaults).Visit(*this);
    MarkAlternative(first, std::string(key) + " " + Alternative::kName, chosen != nullptr);
  }

  Entry& Add(const char* key, const char* doc);
  void AddChoice(const char* key, const std::vector<std::string>& names, std::size_t chosen,
                 const char* doc);
  void MarkAlternative(std::size_t first_entry, const std::string& when, bool active);
  static void SetList(Entry& entry, const std::string& item_type,
                      const std::vector<std::string>& items);
  static void SetNull(Entry& entry);

  Entry* section_;
};

// Collects the constraints of a key as text.
class Describer::Range {
 public:
  explicit Range(Entry* entry) : entry_(entry) {}

  Range& Between(double lowest, double highest);
  Range& AtLeast(double lowest);
  Range& Above(double bound);
  Range& OneOf(std::initializer_list<const char*> choices) {
    return OneOfNames({choices.begin(), choices.end()});
  }
  template <class Names>
  Range& OneOf(const Names& choices) {
    return OneOfNames({std::begin(choices), std::end(choices)});
  }

 private:
  Range& Append(const std::string& text);
  Range& OneOfNames(const std::vector<std::string>& choices);

  Entry* entry_;  // stays in place until the next key is visited
};

template <class T>
Describer::Range Describer::operator()(const char* key, T& field, const char* doc) {
  Entry& entry = Add(key, doc);
  Value(entry, field);
  return Range(&entry);
}

// The whole config as one section. Takes a copy since Visit cannot be const.
template <class T>
Entry Describe(T config) {
  Entry root;
  root.type = "section";
  Describer describer(&root);
  config.Visit(describer);
  return root;
}

// A key that a config has, or could have: {"agent.gamma", "algorithm TD3"}.
struct KnownKey {
  std::string path;
  std::string when;  // as Entry::when
};

// All of them, active or not; a key of several alternatives once for each.
std::vector<KnownKey> AllKeys(const Entry& section);

}  // namespace nabla::config
