// Reader: the archive that fills a struct from a document.
//
// A struct names its keys once, in Visit, and needs no header of this folder:
//
//   struct Td3Config {
//     static constexpr const char* kName = "TD3";   // only if it is an alternative of a Choice
//     double gamma = 0.99;
//     std::vector<int> hidden = {256, 256};
//     template <class Archive>
//     void Visit(Archive& ar) {
//       ar("gamma", gamma, "Discount factor (Sutton & Barto 2018, eq. 3.8)").Between(0, 1);
//       ar("hidden", hidden, "Units of each hidden layer").AtLeast(1);
//     }
//   };
//
// A field is a bool, int, std::int64_t, std::uint64_t, double, std::string; an enumeration (see
// below); a std::vector or std::optional of a field (null is the empty optional);
// std::map<std::string, std::vector<double>> (named parameters, see below); or a struct with its
// own Visit (a mapping). The field's value before reading is its default. Each key may be visited
// once.
//
// An enumeration is a word in YAML. Its enumerators count from 0, and Words lists their words:
//
//   enum class Schedule { kConstant, kLinear };
//   constexpr std::array<const char*, 2> Words(Schedule) { return {"constant", "linear"}; }
//
// Choice("algorithm", variant, doc) reads a std::variant of structs that have kName. The key that
// names the alternative stands in the same mapping as the keys of the alternative. Without it the
// default alternative stays.
//
// Named parameters: `mass: 1` is a list of one number; `gains: [[1, 2], [3, 4]]` is the list 1, 2,
// 3, 4 (row by row, rows equally long).
#pragma once

#include <algorithm>
#include <array>
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

#include "config/document.h"
#include "config/fields.h"

namespace nabla::config {

class Reader {
 public:
  class Constraint;

  // Both must outlive the reader. `all_keys`: every key of the config, for suggestions.
  Reader(const Document& document, const std::vector<KnownKey>& all_keys);

  // Fills `config`. Throws Error for the first problem of the file, then of the overrides in their
  // order.
  template <class T>
  void Read(T& config) {
    Value(document_.root, config);
    ThrowFirstProblem();
  }

  template <class T>
  Constraint operator()(const char* key, T& field, const char* doc);

  template <class... Alternatives>
  void Choice(const char* key, std::variant<Alternatives...>& choice, const char* /*doc*/) {
    const std::array<std::string, sizeof...(Alternatives)> names = {Alternatives::kName...};
    const std::size_t index = Choose(key, {names.begin(), names.end()}, choice.index());
    if (index == std::variant_npos) return;
    if (index != choice.index()) {
      Emplace(choice, index, std::index_sequence_for<Alternatives...>{});
    }
    std::visit([this](auto& alternative) { alternative.Visit(*this); }, choice);
  }

 private:
  // One mapping while its struct is visited.
  struct Section {
    const Node* mapping;
    std::vector<std::string> keys;  // visited so far
    std::string chosen;             // " with algorithm TD3": what decided on the keys
    bool undecided = false;         // a Choice failed, so which keys are known is unknown
  };
  struct Problem {
    Place place;
    std::string text;
  };

  // Each Value() assigns `value` from `node`, or reports what is wrong and returns false.
  bool Value(const Node& node, bool& value);
  bool Value(const Node& node, int& value);
  bool Value(const Node& node, std::int64_t& value);
  bool Value(const Node& node, std::uint64_t& value);
  bool Value(const Node& node, double& value);
  bool Value(const Node& node, std::string& value);
  bool Value(const Node& node, std::map<std::string, std::vector<double>>& value);

  template <class T>
  bool Value(const Node& node, std::optional<T>& value) {
    if (node.kind == Node::Kind::kNull) {
      value.reset();
      return true;
    }
    return Value(node, value.emplace());
  }

  template <class T>
  bool Value(const Node& node, std::vector<T>& value) {
    if (!IsList(node)) return false;
    value.clear();
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const std::size_t parent = EnterItem(i);
      T item{};
      const bool good = Value(node.items[i], item);
      path_.resize(parent);
      if (!good) return false;
      value.push_back(std::move(item));
    }
    return true;
  }

  template <class T>
  requires std::is_enum_v<T>
  bool Value(const Node& node, T& value) {
    std::string word;
    if (!Value(node, word)) return false;
    const auto words = Words(T{});
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) {
      ReportUnknownWord(node, path_, {words.begin(), words.end()});
      return false;
    }
    value = static_cast<T>(found - words.begin());
    return true;
  }

  template <class T>
  bool Value(const Node& node, T& section) {
    static_assert(std::is_class_v<T>,
                  "not a type of config fields; see the head of config/reader.h");
    if (!OpenSection(node)) return false;
    section.Visit(*this);
    CloseSection();
    return true;
  }

  template <class Variant, std::size_t... kIndex>
  static void Emplace(Variant& choice, std::size_t index, std::index_sequence<kIndex...>) {
    ((index == kIndex ? static_cast<void>(choice.template emplace<kIndex>()) : void()), ...);
  }

  template <class T>
  bool Scalar(const Node& node, const char* expected, T& value);
  bool Rows(const Node& node, std::vector<double>& value);
  bool IsList(const Node& node);
  bool OpenSection(const Node& node);
  void CloseSection();
  void ReportUnknown(const Section& section, const Key& key);
  std::string AppliesTo() const;
  std::size_t EnterItem(std::size_t index);  // each Enter returns the length of the path before
  std::size_t EnterKey(const std::string& key);
  void NoteKey(
      const char* key);  // of the section on top; throws std::logic_error if it was visited
  std::size_t Choose(const char* key, const std::vector<std::string>& names, std::size_t current);
  void Report(const Place& place, const std::string& path, const std::string& text);
  void ReportUnknownWord(const Node& node, const std::string& path,
                         const std::vector<std::string>& known);
  void ThrowFirstProblem() const;

  const Document& document_;
  const std::vector<KnownKey>& all_keys_;
  std::string path_;  // of the value being read: "agent.hidden[1]"
  std::vector<Section> sections_;
  std::vector<Problem> problems_;
};

// What a value must satisfy, every element of it if it is a list. Nothing is checked when the key
// is absent.
class Reader::Constraint {
 public:
  Constraint(Reader* reader, const Node* node, std::string path)
      : reader_(reader), node_(node), path_(std::move(path)) {}

  Constraint& Between(double lowest, double highest);  // lowest <= value <= highest
  Constraint& AtLeast(double lowest);                  // lowest <= value
  Constraint& Above(double bound);                     // bound < value
  Constraint& OneOf(std::initializer_list<const char*> choices) {
    return OneOfNames({choices.begin(), choices.end()});
  }
  template <class Range>
  Constraint& OneOf(const Range& choices) {
    return OneOfNames({std::begin(choices), std::end(choices)});
  }

 private:
  template <class Rule>
  Constraint& Numbers(const Rule& rule, const std::string& text);
  Constraint& OneOfNames(const std::vector<std::string>& choices);

  Reader* reader_;
  const Node* node_;  // null: absent, or reported already
  std::string path_;
};

template <class T>
Reader::Constraint Reader::operator()(const char* key, T& field, const char* /*doc*/) {
  NoteKey(key);
  const std::size_t parent = EnterKey(key);
  const Node* node = sections_.back().mapping->Find(key);
  const bool good = node != nullptr && Value(*node, field);
  Constraint constraint(this, good ? node : nullptr, path_);
  path_.resize(parent);
  return constraint;
}

}  // namespace nabla::config
