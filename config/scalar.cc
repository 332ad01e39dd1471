#include "config/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "config/error.h"

namespace nabla::config {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// A decimal number as its digits: (-1)^negative * digits * 10^exponent.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

std::size_t AppendDigits(std::string_view text, std::size_t i, std::string* digits) {
  while (i < text.size() && IsDigit(text[i])) *digits += text[i++];
  return i;
}

// [+-] digits [. digits] [e [+-] digits], the number syntax of YAML 1.2's core schema.
bool ParseDecimal(std::string_view text, Decimal* decimal) {
  std::size_t i = 0;
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) decimal->negative = text[i++] == '-';
  i = AppendDigits(text, i, &decimal->digits);
  const std::size_t whole = decimal->digits.size();
  if (i < text.size() && text[i] == '.') i = AppendDigits(text, i + 1, &decimal->digits);
  if (decimal->digits.empty()) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    const bool negative = i < text.size() && text[i] == '-';
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    std::string digits;
    i = AppendDigits(text, i, &digits);
    if (digits.empty()) return false;
    constexpr std::int64_t kHuge = 1'000'000'000;  // far outside every type, far from overflow
    std::int64_t exponent = 0;
    for (const char c : digits) exponent = std::min(kHuge, 10 * exponent + (c - '0'));
    decimal->exponent = negative ? -exponent : exponent;
  }
  decimal->exponent -= static_cast<std::int64_t>(decimal->digits.size() - whole);
  return i == text.size();
}

// Moves the exponent into the digits: 1.50e3 becomes 1500. False if a fraction remains. A number
// that exceeds every 64-bit integer keeps enough digits to show it.
bool MakeIntegral(Decimal* decimal) {
  std::string& digits = decimal->digits;
  digits.erase(0, digits.find_first_not_of('0'));
  if (digits.empty()) {
    digits = "0";
    return true;
  }
  for (; decimal->exponent < 0 && digits.back() == '0'; ++decimal->exponent) digits.pop_back();
  if (decimal->exponent < 0) return false;
  constexpr std::int64_t kMoreThanFit = 25;
  digits.append(static_cast<std::size_t>(std::min(decimal->exponent, kMoreThanFit)), '0');
  return true;
}

template <class Integer>
std::string ParseInteger(std::string_view text, Integer* value) {
  using Limits = std::numeric_limits<Integer>;
  Decimal decimal;
  if (!ParseDecimal(text, &decimal) || !MakeIntegral(&decimal)) {
    return "expected an integer, got " + Quoted(text);
  }
  if (decimal.digits == "0")
    decimal.negative = false;  // std::from_chars takes no sign for unsigned types
  const std::string plain = (decimal.negative ? "-" : "") + decimal.digits;
  const auto result = std::from_chars(plain.data(), plain.data() + plain.size(), *value);
  if (result.ec == std::errc()) return "";
  return Quoted(text) + " does not fit; it must lie between " + std::to_string(Limits::min()) +
         " and " + std::to_string(Limits::max());
}

template <class Number>
std::string NumberText(Number value) {
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

// Length in bytes of the UTF-8 character at text[i], 0 if there is none (RFC 3629: no overlong
// forms, no surrogates).
std::size_t Utf8Length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[i + k]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || i + length > text.size()) return 0;
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(k) & 0xC0) != 0x80) return 0;
  }
  if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
  if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
  return length;
}

std::string Hex(char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'x', kDigits[byte / 16], kDigits[byte % 16]};
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

// Words that some YAML version reads as a boolean or as null; as text they need quotes.
bool IsReserved(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords = {"true", "false", "yes", "no",  "on",
                                                      "off",  "y",     "n",   "null"};
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

// A letter, then letters, digits and . _ / -: every YAML reader takes it for text.
bool IsPlainWord(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.empty() || !is_letter(text.front()) || IsReserved(text)) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || IsDigit(c) || c == '.' || c == '_' || c == '/' || c == '-';
  });
}

}  // namespace

std::string ParseScalar(std::string_view text, bool* value) {
  const bool is_true = text == "true" || text == "True" || text == "TRUE";
  const bool is_false = text == "false" || text == "False" || text == "FALSE";
  if (!is_true && !is_false) return "expected true or false, got " + Quoted(text);
  *value = is_true;
  return "";
}

std::string ParseScalar(std::string_view text, int* value) { return ParseInteger(text, value); }

std::string ParseScalar(std::string_view text, std::int64_t* value) {
  return ParseInteger(text, value);
}

std::string ParseScalar(std::string_view text, std::uint64_t* value) {
  return ParseInteger(text, value);
}

std::string ParseScalar(std::string_view text, double* value) {
  constexpr std::array<std::string_view, 12> kNotFinite = {".inf",  ".Inf",  ".INF",  "+.inf",
                                                           "-.inf", "-.Inf", "-.INF", ".nan",
                                                           ".NaN",  ".NAN",  "inf",   "nan"};
  if (std::find(kNotFinite.begin(), kNotFinite.end(), text) != kNotFinite.end()) {
    return "expected a finite number, got " + Quoted(text);
  }
  Decimal decimal;
  if (!ParseDecimal(text, &decimal)) return "expected a number, got " + Quoted(text);
  const std::string_view unsigned_text = text.substr(text.front() == '+' ? 1 : 0);
  const char* const end = unsigned_text.data() + unsigned_text.size();
  if (std::from_chars(unsigned_text.data(), end, *value).ec == std::errc()) return "";
  return Quoted(text) + " is beyond the range of a double";
}

std::string ToYaml(bool value) { return value ? "true" : "false"; }
std::string ToYaml(int value) { return NumberText(value); }
std::string ToYaml(std::int64_t value) { return NumberText(value); }
std::string ToYaml(std::uint64_t value) { return NumberText(value); }

std::string ToYaml(double value) {
  if (!std::isfinite(value)) throw Error("a config holds only finite numbers");
  std::string text = NumberText(value);
  const std::size_t exponent = text.find('e');
  if (exponent != std::string::npos && text.find('.') == std::string::npos) {
    text.insert(exponent, ".0");
  }
  return text;
}

std::string ToYaml(const std::string& value) {
  if (IsPlainWord(value)) return value;
  if (FirstNonUtf8(value) != std::string::npos) {
    throw Error(Quoted(value) + " is not UTF-8 text");
  }
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (c == '\n') {
      text += "\\n";
    } else {
      text += IsControl(c) ? Hex(c) : std::string(1, c);
    }
  }
  return text + '"';
}

std::string OneLine(std::string_view text, std::size_t longest) {
  std::string line;
  for (std::size_t i = 0; i < text.size();) {
    if (i >= longest) return line + "...";
    const std::size_t length = Utf8Length(text, i);
    if (length == 0 || IsControl(text[i])) {
      line += Hex(text[i++]);
    } else {
      line += text.substr(i, length);
      i += length;
    }
  }
  return line;
}

std::string Quoted(std::string_view text, std::size_t longest) {
  return "'" + OneLine(text, longest) + "'";
}

std::size_t FirstNonUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = Utf8Length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::string_view::npos;
}

}  // namespace nabla::config
