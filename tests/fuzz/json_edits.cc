#include "tests/fuzz/json_edits.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace nabla::fuzz {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kNested = "\x01nested ";
constexpr std::uint64_t kMostLevels = 200'000;
constexpr std::uint64_t kMostZeros = 20'000;

// Values at the edges of ranges and types.
constexpr std::array<const char*, 40> kValues = {"0",
                                                 "1",
                                                 "-1",
                                                 "2",
                                                 "3",
                                                 "7",
                                                 "8",
                                                 "15",
                                                 "16",
                                                 "17",
                                                 "31",
                                                 "32",
                                                 "63",
                                                 "64",
                                                 "100",
                                                 "255",
                                                 "65536",
                                                 "1000000",
                                                 "2147483647",
                                                 "2147483648",
                                                 "-2147483648",
                                                 "4294967296",
                                                 "9223372036854775807",
                                                 "9223372036854775808",
                                                 "18446744073709551615",
                                                 "-9223372036854775808",
                                                 "0.5",
                                                 "-0.0",
                                                 "1.0",
                                                 "1e-320",
                                                 "1e300",
                                                 "-1e308",
                                                 "\"0x7ff0000000000000\"",
                                                 "\"0x7ff8000000000000\"",
                                                 "\"\"",
                                                 "\"../../x\"",
                                                 "null",
                                                 "true",
                                                 "[]",
                                                 "{}"};

// The pointer to the parent exists, and the last part is a name in an object or an index in a list.
Json* Slot(Json& document, std::string_view pointer) {
  try {
    const Json::json_pointer path{std::string(pointer)};
    return document.contains(path) ? &document.at(path) : nullptr;
  } catch (const Json::exception&) {  // not a pointer
    return nullptr;
  }
}

}  // namespace

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string_view> Words(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

std::uint64_t NumberIn(std::string_view word) {
  std::uint64_t number = 0;
  std::from_chars(word.data(), word.data() + word.size(), number);
  return number;
}

bool ApplyEdit(std::string_view line, Json& document) {
  const std::vector<std::string_view> words = Words(line);
  if (words.size() < 2) return false;
  if (words[0] == "drop") {
    try {
      const Json::json_pointer path{std::string(words[1])};
      if (path.empty() || !document.contains(path)) return false;
      Json& parent = document.at(path.parent_pointer());
      if (parent.is_object()) {
        parent.erase(path.back());
      } else {
        parent.erase(NumberIn(path.back()));
      }
      return true;
    } catch (const Json::exception&) {
      return false;
    }
  }
  if (words.size() < 3) return false;
  if (words[0] == "nest" || words[0] == "fill") {
    Json* const slot = Slot(document, words[1]);
    if (slot == nullptr) return false;
    const std::uint64_t count = NumberIn(words[2]);
    if (words[0] == "nest") {
      *slot = std::string(kNested) + std::to_string(std::min(count, kMostLevels));
    } else {
      *slot = Json(std::vector<int>(std::min(count, kMostZeros), 0));
    }
    return true;
  }
  if (words[1] != "=") return false;
  Json* const slot = Slot(document, words[0]);
  if (slot == nullptr) return false;
  const Json value = Json::parse(line.substr(line.find('=') + 1), nullptr, false);
  if (value.is_discarded()) return false;
  *slot = value;
  return true;
}

bool HasNestedList(const Json& document) {
  const Json flat = document.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    if (value.is_string() && value.get_ref<const std::string&>().starts_with(kNested)) return true;
  }
  return false;
}

std::string ToText(const Json& document) {
  std::string text = document.dump(-1, ' ', false, Json::error_handler_t::replace);
  const std::string placeholder = "\"\\u0001nested ";
  for (std::size_t at = text.find(placeholder); at != std::string::npos;
       at = text.find(placeholder)) {
    const std::size_t end = text.find('"', at + 1);
    const std::string_view number = std::string_view(text).substr(at + placeholder.size());
    const std::uint64_t levels = std::min(NumberIn(number), kMostLevels);
    text.replace(at, end + 1 - at, std::string(levels, '[') + std::string(levels, ']'));
  }
  return text;
}

std::string RandomEdit(const Json& document, std::uint32_t random) {
  const Json flat = document.flatten();
  auto chosen = flat.begin();
  std::advance(chosen, random % flat.size());
  std::string pointer = chosen.key();
  const std::uint32_t kind = (random >> 12) % 16;
  if (kind == 0) pointer = pointer.substr(0, std::max<std::size_t>(pointer.rfind('/'), 1));
  if (kind == 1) return "drop " + pointer;
  if (kind == 2) return "nest " + pointer + " " + std::to_string(random >> 16);
  if (kind == 3) return "fill " + pointer + " " + std::to_string((random >> 16) % 64);
  return pointer + " = " + kValues[(random >> 16) % kValues.size()];
}

}  // namespace nabla::fuzz
