// The laws of every config struct. One call in a test checks a struct with all its members:
//
//   CheckConfigLaws<RunConfig>();
//
// - Each key is visited once and has a sentence of documentation.
// - Defaults are in range, and an empty mapping reads as the defaults.
// - Read(Write(c)) == c bit for bit, for the defaults and for many configs of random values in
// range
//   (any bit pattern of a finite double, any text, every alternative of a Choice), with and without
//   comments.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/config.h"
#include "tests/support/catch.h"

namespace nabla::config {

// The archive that sets every field to a random value in its range.
class Scrambler {
 public:
  template <class T>
  class Constraint;

  explicit Scrambler(std::uint64_t seed) : engine_(seed) {}

  template <class T>
  Constraint<T> operator()(const char* /*key*/, T& field, const char* /*doc*/) {
    Scramble(field);
    return Constraint<T>(this, &field);
  }

  template <class... Alternatives>
  void Choice(const char* /*key*/, std::variant<Alternatives...>& choice, const char* /*doc*/) {
    const std::size_t index = Below(sizeof...(Alternatives));
    std::size_t i = 0;
    ((i++ == index ? static_cast<void>(choice = Alternatives{}) : void()), ...);
    std::visit([this](auto& alternative) { alternative.Visit(*this); }, choice);
  }

  std::size_t Below(std::size_t bound) { return engine_() % bound; }

  double Draw(double lowest, double highest) {
    const double fraction = static_cast<double>(engine_() >> 11) * 0x1p-53;
    return lowest + fraction * (highest - lowest);
  }

 private:
  void Scramble(bool& value) { value = Below(2) == 1; }
  void Scramble(int& value) { value = static_cast<int>(engine_()); }
  void Scramble(std::int64_t& value) { value = static_cast<std::int64_t>(engine_()); }
  void Scramble(std::uint64_t& value) { value = engine_(); }

  void Scramble(double& value) {
    do {
      value = std::bit_cast<double>(engine_());
    } while (!std::isfinite(value));
  }

  void Scramble(std::string& value) {
    static const std::vector<std::string> kPieces = {
        "a",    "B",      "7",      " ",      "\"",  "'", "\\", ":", "#",    "-",
        "\n",   "\t",     "\r",     "{",      "]",   ",", "&",  "*", "!",    "%",
        "@",    "null",   "true",   "~",      "1e5", "é", "∇",  "😀", "\x01", "\x04",
        "\x7f", "\u0085", "\u2028", "\uFEFF", "<<",  "|", ">"};
    value.clear();
    for (std::size_t n = Below(6); n > 0; --n) value += kPieces[Below(kPieces.size())];
    if (Below(20) == 0) value += '\0';
  }

  void Scramble(std::map<std::string, std::vector<double>>& value) {
    value.clear();
    for (std::size_t n = Below(4); n > 0; --n) {
      std::string name;
      Scramble(name);
      Scramble(value[name]);
    }
  }

  template <class T>
  void Scramble(std::vector<T>& value) {
    value.clear();
    for (std::size_t n = Below(4); n > 0; --n) {
      T item{};
      Scramble(item);
      value.push_back(std::move(item));
    }
  }

  template <class T>
  void Scramble(std::optional<T>& value) {
    if (Below(2) == 0) return value.reset();
    Scramble(value.emplace());
  }

  template <class T>
  requires std::is_enum_v<T>
  void Scramble(T& value) { value = static_cast<T>(Below(Words(T{}).size())); }

  template <class T>
  void Scramble(T& section) {
    section.Visit(*this);
  }

  std::mt19937_64 engine_;
};

// Draws the numbers of a field again, in the range known so far, and its texts from the choices.
template <class T>
class Scrambler::Constraint {
 public:
  Constraint(Scrambler* scrambler, T* field) : scrambler_(scrambler), field_(field) {}

  Constraint& Between(double lowest, double highest) {
    lowest_ = std::max(lowest_, lowest);
    highest_ = std::min(highest_, highest);
    Redraw(*field_);
    return *this;
  }
  Constraint& AtLeast(double lowest) { return Between(lowest, std::max(lowest + 1000, highest_)); }
  Constraint& Above(double bound) {
    return AtLeast(std::nextafter(bound, std::numeric_limits<double>::infinity()));
  }
  Constraint& OneOf(std::initializer_list<const char*> choices) {
    return Pick({choices.begin(), choices.end()});
  }
  template <class Range>
  Constraint& OneOf(const Range& choices) {
    return Pick({std::begin(choices), std::end(choices)});
  }

 private:
  Constraint& Pick(const std::vector<std::string>& choices) {
    choices_ = choices;
    Redraw(*field_);
    return *this;
  }

  void Redraw(bool&) {}
  template <class Enum>
  requires std::is_enum_v<Enum>
  void Redraw(Enum&) {}
  void Redraw(std::string& value) {
    if (!choices_.empty()) value = choices_[scrambler_->Below(choices_.size())];
  }
  template <class Element>
  void Redraw(std::vector<Element>& value) {
    for (Element& element : value) Redraw(element);
  }
  template <class Value>
  void Redraw(std::optional<Value>& value) {
    if (value) Redraw(*value);
  }
  void Redraw(std::map<std::string, std::vector<double>>& value) {
    for (auto& [name, numbers] : value) Redraw(numbers);
  }
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void Redraw(Number& value) {
    const double largest = static_cast<double>(std::numeric_limits<Number>::max() / 2);
    const double highest = std::min({highest_, largest, lowest_ + 1e6});
    const double drawn = scrambler_->Draw(lowest_, highest);
    value = static_cast<Number>(std::is_integral_v<Number> ? std::min(std::ceil(drawn), highest)
                                                           : drawn);
  }

  Scrambler* scrambler_;
  T* field_;
  double lowest_ = std::numeric_limits<double>::lowest();
  double highest_ = std::numeric_limits<double>::max();
  std::vector<std::string> choices_;
};

template <class T>
void CheckRoundTrip(const T& config) {
  const std::string text = Write(config);
  INFO(text);
  CHECK(Write(ReadText<T>(text, "written.yaml")) == text);
  const std::string with_comments = Write(config, {.comments = true});
  CHECK(Write(ReadText<T>(with_comments, "commented.yaml")) == text);
  CHECK(Diff(config, ReadText<T>(text, "written.yaml")).empty());
}

inline void CheckDocumented(const Field& section) {
  for (const Field& field : section.fields) {
    INFO(field.path);
    CHECK_FALSE((field.doc.empty() && section.type != "named numbers"));
    CHECK(field.doc.find('\n') == std::string::npos);
    CheckDocumented(field);
  }
}

template <class T>
void CheckConfigLaws(int random_configs = 200) {
  CheckDocumented(FieldsOf(T{}));
  CHECK(Write(ReadText<T>("{}", "empty.yaml")) == Write(T{}));
  CheckRoundTrip(T{});
  for (int seed = 0; seed < random_configs; ++seed) {
    T config{};
    Scrambler scrambler(static_cast<std::uint64_t>(seed));
    config.Visit(scrambler);
    CheckRoundTrip(config);
  }
}

}  // namespace nabla::config
