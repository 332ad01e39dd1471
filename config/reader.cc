#include "config/reader.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "config/error.h"
#include "config/nearest.h"
#include "config/scalar.h"

namespace nabla::config {
namespace {

std::string Found(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "no value";
    case Node::Kind::kSequence:
      return "a list";
    case Node::Kind::kMapping:
      return "a mapping";
    case Node::Kind::kText:
      break;
  }
  return node.quoted ? "the text \"" + OneLine(node.text, 60) + "\"" : Quoted(node.text);
}

// Calls visit(node, path) for every scalar at or under `node`.
template <class Visit>
void ForEachScalar(const Node& node, const std::string& path, const Visit& visit) {
  if (node.kind == Node::Kind::kText) visit(node, path);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const bool named = node.kind == Node::Kind::kMapping;
    const std::string step = named ? "." + node.keys[i].name : "[" + std::to_string(i) + "]";
    ForEachScalar(node.items[i], path + step, visit);
  }
}

}  // namespace

Reader::Reader(const Document& document, const std::vector<KnownKey>& all_keys)
    : document_(document), all_keys_(all_keys) {}

template <class T>
bool Reader::Scalar(const Node& node, const char* expected, T& value) {
  std::string problem = std::string("expected ") + expected + ", got " + Found(node);
  if (node.kind == Node::Kind::kText && !node.quoted) problem = ParseScalar(node.text, &value);
  if (!problem.empty()) Report(node.place, path_, problem);
  return problem.empty();
}

bool Reader::Value(const Node& node, bool& value) { return Scalar(node, "true or false", value); }
bool Reader::Value(const Node& node, int& value) { return Scalar(node, "an integer", value); }
bool Reader::Value(const Node& node, std::int64_t& value) {
  return Scalar(node, "an integer", value);
}
bool Reader::Value(const Node& node, std::uint64_t& value) {
  return Scalar(node, "an integer", value);
}
bool Reader::Value(const Node& node, double& value) { return Scalar(node, "a number", value); }

bool Reader::Value(const Node& node, std::string& value) {
  if (node.kind != Node::Kind::kText) {
    Report(node.place, path_, "expected text, got " + Found(node));
    return false;
  }
  value = node.text;
  return true;
}

bool Reader::Value(const Node& node, std::map<std::string, std::vector<double>>& value) {
  if (node.kind != Node::Kind::kMapping) {
    Report(node.place, path_, "expected named numbers, such as {mass: 1}, got " + Found(node));
    return false;
  }
  value.clear();
  bool good = true;
  for (std::size_t i = 0; i < node.keys.size() && good; ++i) {
    const std::size_t parent = EnterKey(node.keys[i].name);
    good = Rows(node.items[i], value[node.keys[i].name]);
    path_.resize(parent);
  }
  return good;
}

// A number, a list of numbers, or a list of equally long lists of numbers, appended to `value` in
// this order.
bool Reader::Rows(const Node& node, std::vector<double>& value) {
  const bool is_list = node.kind == Node::Kind::kSequence;
  const bool is_matrix =
      is_list && !node.items.empty() && node.items.front().kind == Node::Kind::kSequence;
  if (!is_list) return Value(node, value.emplace_back());
  if (!is_matrix) return Value(node, value);
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::size_t parent = EnterItem(i);
    std::vector<double> row;
    bool good = Value(node.items[i], row);
    if (good && node.items[i].items.size() != node.items.front().items.size()) {
      Report(node.items[i].place, path_, "this row and the first one differ in length");
      good = false;
    }
    path_.resize(parent);
    if (!good) return false;
    value.insert(value.end(), row.begin(), row.end());
  }
  return true;
}

bool Reader::IsList(const Node& node) {
  if (node.kind == Node::Kind::kSequence) return true;
  std::string hint;
  if (node.kind == Node::Kind::kText) {
    hint = "; write [" + OneLine(node.text, 60) + "] for a list of one";
  }
  Report(node.place, path_, "expected a list, got " + Found(node) + hint);
  return false;
}

bool Reader::OpenSection(const Node& node) {
  if (node.kind != Node::Kind::kMapping) {
    const bool empty = node.kind == Node::Kind::kNull;
    Report(node.place, path_,
           empty ? "empty; write keys below it, or omit it to use the defaults"
                 : "expected keys and values, got " + Found(node));
    return false;
  }
  sections_.push_back({&node, {}, "", false});
  return true;
}

void Reader::CloseSection() {
  const Section section = std::move(sections_.back());
  sections_.pop_back();
  if (section.undecided) return;
  for (const Key& key : section.mapping->keys) {
    if (std::find(section.keys.begin(), section.keys.end(), key.name) == section.keys.end()) {
      ReportUnknown(section, key);
      return;  // only the first problem is shown
    }
  }
}

void Reader::ReportUnknown(const Section& section, const Key& key) {
  const std::size_t parent = EnterKey(key.name);
  const std::string suffix = "." + key.name;
  const auto elsewhere = std::find_if(all_keys_.begin(), all_keys_.end(), [&](const auto& known) {
    return known.path != path_ && (known.path == key.name || known.path.ends_with(suffix));
  });
  std::string text = "unknown key" + section.chosen;
  const std::string applies = AppliesTo();
  if (!applies.empty()) {
    Report(key.place, path_, text + "; it applies to " + applies);
    path_.resize(parent);
    return;
  }
  if (Nearest(key.name, section.keys).empty() && elsewhere != all_keys_.end()) {
    text += "; did you mean '" + elsewhere->path + "'?";
  }
  Report(key.place, path_, text + DidYouMean(key.name, section.keys, "keys here"));
  path_.resize(parent);
}

// "algorithm TD3, DDPG" if the key at path_ belongs to alternatives that are not chosen; else "".
std::string Reader::AppliesTo() const {
  // Several alternatives of an outer choice may contain the same inner one. It is named once.
  std::vector<std::string> named;
  std::string text;
  for (const KnownKey& known : all_keys_) {
    if (known.path != path_ || known.when.empty()) continue;
    if (std::find(named.begin(), named.end(), known.when) != named.end()) continue;
    named.push_back(known.when);
    text += text.empty() ? known.when : ", " + known.when.substr(known.when.rfind(' ') + 1);
  }
  return text;
}

std::size_t Reader::EnterItem(std::size_t index) {
  const std::size_t parent = path_.size();
  path_ += "[" + std::to_string(index) + "]";
  return parent;
}

std::size_t Reader::EnterKey(const std::string& key) {
  const std::size_t parent = path_.size();
  path_ += (path_.empty() ? "" : ".") + key;
  return parent;
}

void Reader::NoteKey(const char* key) {
  std::vector<std::string>& keys = sections_.back().keys;
  if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
    throw std::logic_error("config key '" + path_ + "." + key + "' is visited twice");
  }
  keys.emplace_back(key);
}

// The index of the alternative that the section names; `current` if it names none,
// std::variant_npos after a problem.
std::size_t Reader::Choose(const char* key, const std::vector<std::string>& names,
                           std::size_t current) {
  NoteKey(key);
  std::string name = names[current];
  const Node* node = sections_.back().mapping->Find(key);
  const std::size_t parent = EnterKey(key);
  bool good = node == nullptr || Value(*node, name);
  const auto found = std::find(names.begin(), names.end(), name);
  if (good && found == names.end()) {
    Report(node->place, path_,
           "unknown choice " + Quoted(name) +
               DidYouMean(name, ByNearness(name, names), "nearest first"));
    good = false;
  }
  path_.resize(parent);
  Section& section = sections_.back();
  section.chosen += " with " + std::string(key) + " " + name;
  section.undecided = section.undecided || !good;
  return good ? static_cast<std::size_t>(found - names.begin()) : std::variant_npos;
}

void Reader::Report(const Place& place, const std::string& path, const std::string& text) {
  const std::string where = document_.Where(place);
  problems_.push_back({place, where + (path.empty() ? "" : OneLine(path, 200) + ": ") + text});
}

void Reader::ThrowFirstProblem() const {
  if (problems_.empty()) return;
  const auto position = [](const Problem& problem) {
    return std::tuple(problem.place.source, problem.place.line, problem.place.column);
  };
  const auto first = std::min_element(
      problems_.begin(), problems_.end(),
      [&](const Problem& a, const Problem& b) { return position(a) < position(b); });
  throw Error(first->text);
}

template <class Rule>
Reader::Constraint& Reader::Constraint::Numbers(const Rule& rule, const std::string& text) {
  if (node_ == nullptr) return *this;
  ForEachScalar(*node_, path_, [&](const Node& node, const std::string& path) {
    double value = 0;
    if (ParseScalar(node.text, &value).empty() && rule(value)) return;
    reader_->Report(node.place, path, OneLine(node.text, 60) + " is out of range; it must " + text);
  });
  return *this;
}

Reader::Constraint& Reader::Constraint::Between(double lowest, double highest) {
  return Numbers([=](double value) { return lowest <= value && value <= highest; },
                 "lie between " + ToYaml(lowest) + " and " + ToYaml(highest));
}

Reader::Constraint& Reader::Constraint::AtLeast(double lowest) {
  return Numbers([=](double value) { return lowest <= value; }, "be at least " + ToYaml(lowest));
}

Reader::Constraint& Reader::Constraint::Above(double bound) {
  return Numbers([=](double value) { return bound < value; }, "be above " + ToYaml(bound));
}

void Reader::ReportUnknownWord(const Node& node, const std::string& path,
                               const std::vector<std::string>& known) {
  const auto sorted = ByNearness(node.text, known);
  Report(node.place, path,
         "unknown value " + Quoted(node.text) + DidYouMean(node.text, sorted, "nearest first"));
}

Reader::Constraint& Reader::Constraint::OneOfNames(const std::vector<std::string>& choices) {
  if (node_ == nullptr) return *this;
  ForEachScalar(*node_, path_, [&](const Node& node, const std::string& path) {
    if (std::find(choices.begin(), choices.end(), node.text) != choices.end()) return;
    reader_->ReportUnknownWord(node, path, choices);
  });
  return *this;
}

}  // namespace nabla::config
