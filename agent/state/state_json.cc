#include "agent/state/state_json.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace nabla::agent {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kBitsPrefix = "0x";
constexpr std::size_t kMaxBytes = std::size_t{32} << 20;  // of a JSON file

void Require(bool condition, const Json& value, std::string_view expected) {
  if (!condition) {
    throw InputError("holds " + value.dump(-1, ' ', false, Json::error_handler_t::replace) +
                     ", expected " + std::string(expected));
  }
}

Json Encode(double value) {
  if (std::isfinite(value)) return value;
  return std::string(kBitsPrefix) + ToHex(std::bit_cast<std::uint64_t>(value));
}

void Decode(const Json& value, double& out) {
  if (value.is_number_float()) {
    out = value.get<double>();
    return;
  }
  Require(value.is_string(), value, "a real number");
  const auto& text = value.get_ref<const std::string&>();
  std::uint64_t bits = 0;
  const char* end = text.data() + text.size();
  Require(text.size() == kBitsPrefix.size() + 16 && text.starts_with(kBitsPrefix) &&
              std::from_chars(text.data() + kBitsPrefix.size(), end, bits, 16).ptr == end,
          value, "a real number");
  out = std::bit_cast<double>(bits);
}

// A float is stored as the double of the same value, a NaN as its 32 bits.
Json Encode(float value) {
  if (std::isfinite(value)) return static_cast<double>(value);
  return std::string(kBitsPrefix) + ToHex(std::bit_cast<std::uint32_t>(value));
}

void Decode(const Json& value, float& out) {
  double wide = 0;
  Decode(value, wide);
  Require(value.is_string() || std::fabs(wide) <= std::numeric_limits<float>::max(), value,
          "a real number in single precision");
  out = value.is_string()
            ? std::bit_cast<float>(static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(wide)))
            : static_cast<float>(wide);
}

Json Encode(bool value) { return value; }
void Decode(const Json& value, bool& out) {
  Require(value.is_boolean(), value, "true or false");
  out = value.get<bool>();
}

template <std::integral T>
Json Encode(T value) {
  return value;
}
template <std::integral T>
void Decode(const Json& value, T& out) {
  const bool fits = value.is_number_unsigned()  ? std::in_range<T>(value.get<std::uint64_t>())
                    : value.is_number_integer() ? std::in_range<T>(value.get<std::int64_t>())
                                                : false;
  Require(fits, value, "an integer in range");
  out = value.get<T>();
}

Json Encode(const std::string& value) { return value; }
void Decode(const Json& value, std::string& out) {
  Require(value.is_string(), value, "text");
  out = value.get<std::string>();
}

template <class T>
Json Encode(const std::vector<T>& values) {
  Json list = Json::array();
  for (const T value : values) list.push_back(Encode(value));
  return list;
}
template <class T>
void Decode(const Json& value, std::vector<T>& out) {
  Require(value.is_array(), value, "a list of numbers");
  out.resize(value.size());
  for (std::size_t i = 0; i < out.size(); ++i) Decode(value[i], out[i]);
}

Json Encode(const Rng& rng) { return rng.state(); }
void Decode(const Json& value, Rng& out) {
  Rng::State words{};
  Require(value.is_array() && value.size() == words.size(), value, "the words of a random stream");
  for (std::size_t i = 0; i < words.size(); ++i) Decode(value[i], words[i]);
  Require(words != Rng::State{}, value, "the words of a random stream, not all 0");
  out.set_state(words);
}

// Before parsing, since the tree of a hostile text takes fifty times its memory, and functions that
// call themselves for each level would overflow the stack.
bool HasSaneSize(const std::string& text) {
  constexpr int kMaxValues = 1'000'000, kMaxDepth = 64;
  if (text.size() > kMaxBytes) return false;
  int values = 0, depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string) {
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
      if (c == ',' || c == '[' || c == '{') ++values;
      if (depth > kMaxDepth || values > kMaxValues) return false;
    }
  }
  return true;
}

}  // namespace

Json ParseJson(const std::string& text, const std::filesystem::path& path) {
  if (!HasSaneSize(text)) throw InputError(path.string() + " is damaged: too large or too deep");
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw InputError(path.string() + " is damaged: it is not JSON");
  return json;
}

Json ReadJson(const std::filesystem::path& path) {
  if (InputFile(path).size() > kMaxBytes) {
    throw InputError(path.string() + " is damaged: it has more than 32 MiB");
  }
  return ParseJson(ReadFile(path), path);
}

std::string JsonText(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json ToJson(const ScalarSlot& slot) {
  return std::visit([](const auto* value) { return Encode(*value); }, slot);
}

void FromJson(const Json& value, const ScalarSlot& slot) {
  std::visit([&](auto* out) { Decode(value, *out); }, slot);
}

}  // namespace nabla::agent
