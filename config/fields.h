// FieldCollector: the archive that turns a config struct into a tree of fields, with the value and
// the documentation of each. Writing, comparing and documenting work on that tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nabla::config {

// A key of a config. Keys that do not apply (those of alternatives that are not chosen, and those
// of a section that is null) are included for the documentation, with `active` false.
struct Field {
  std::string key;   // as YAML
  std::string path;  // "agent.gamma"
  std::string doc;
  std::string type;   // "integer", "[number]" (a list), "text or null", "section", ...
  std::string range;  // "0 to 1", "at least 1", "one of relu, tanh"; "" if there is no constraint
  std::string text;   // the value as YAML; for a section, "" or "null"
  std::string when;   // "algorithm TD3" for a key of an alternative
  bool active = true;
  std::vector<Field> fields;  // of a section or of named parameters
};

// Throws Error for a value that could not be read back: a number that is not finite, or text that
// is not UTF-8.
class FieldCollector {
 public:
  class Range;

  explicit FieldCollector(Field* section) : section_(section) {}

  template <class T>
  Range operator()(const char* key, T& member, const char* doc);

  template <class... Alternatives>
  void Choice(const char* key, std::variant<Alternatives...>& choice, const char* doc) {
    AddChoice(key, {Alternatives::kName...}, choice.index(), doc);
    CollectAlternatives(key, choice, std::index_sequence_for<Alternatives...>{});
  }

 private:
  static void Value(Field& field, bool value);
  static void Value(Field& field, int value);
  static void Value(Field& field, std::int64_t value);
  static void Value(Field& field, std::uint64_t value);
  static void Value(Field& field, double value);
  static void Value(Field& field, std::string& value);
  static void Value(Field& field, std::map<std::string, std::vector<double>>& value);

  template <class T>
  static void Value(Field& field, std::vector<T>& value) {
    Field item;
    item.path = field.path;
    T type_example{};
    Value(item, type_example);
    const std::string type = item.type;
    std::vector<std::string> texts;
    for (T element : value) {
      Value(item, element);
      texts.push_back(item.text);
    }
    SetList(field, type, texts);
  }

  template <class T>
  static void Value(Field& field, std::optional<T>& value) {
    T type_example{};
    Value(field, value ? *value : type_example);
    field.type += " or null";
    if (!value) SetNull(field);
  }

  template <class T>
  requires std::is_enum_v<T>
  static void Value(Field& field, T& value) {
    const auto words = Words(T{});
    std::string word = words.at(static_cast<std::size_t>(value));
    Value(field, word);
    field.range = OneOfText({words.begin(), words.end()});
  }

  template <class T>
  static void Value(Field& field, T& section) {
    field.type = "section";
    FieldCollector collector(&field);
    section.Visit(collector);
  }

  template <class Variant, std::size_t... kIndex>
  void CollectAlternatives(const char* key, Variant& choice, std::index_sequence<kIndex...>) {
    (CollectAlternative<kIndex>(key, choice), ...);
  }

  template <std::size_t kIndex, class Variant>
  void CollectAlternative(const char* key, Variant& choice) {
    using Alternative = std::variant_alternative_t<kIndex, Variant>;
    Alternative defaults;
    Alternative* chosen = std::get_if<kIndex>(&choice);
    const std::size_t first = section_->fields.size();
    (chosen != nullptr ? *chosen : defaults).Visit(*this);
    MarkAlternative(first, std::string(key) + " " + Alternative::kName, chosen != nullptr);
  }

  Field& Add(const char* key, const char* doc);
  void AddChoice(const char* key, const std::vector<std::string>& names, std::size_t chosen,
                 const char* doc);
  void MarkAlternative(std::size_t first_field, const std::string& when, bool active);
  static void SetList(Field& field, const std::string& item_type,
                      const std::vector<std::string>& items);
  static void SetNull(Field& field);
  static std::string OneOfText(const std::vector<std::string>& choices);

  Field* section_;
};

// Collects the constraints of a key as text.
class FieldCollector::Range {
 public:
  explicit Range(Field* field) : field_(field) {}

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

  Field* field_;  // valid until the next key is visited
};

template <class T>
FieldCollector::Range FieldCollector::operator()(const char* key, T& member, const char* doc) {
  Field& field = Add(key, doc);
  Value(field, member);
  return Range(&field);
}

// The whole config as one section. Takes a copy, since Visit cannot be const.
template <class T>
Field FieldsOf(T config) {
  Field root;
  root.type = "section";
  FieldCollector collector(&root);
  config.Visit(collector);
  return root;
}

// A key that a config may have: {"agent.gamma", "algorithm TD3"}.
struct KnownKey {
  std::string path;
  std::string when;  // as Field::when
};

// All keys, active or not. A key of several alternatives appears once for each.
std::vector<KnownKey> AllKeys(const Field& section);

}  // namespace nabla::config
