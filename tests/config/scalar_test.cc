// Conversion between text and values.
#include "config/scalar.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include "config/error.h"
#include "tests/support/catch.h"

namespace nabla::config {
namespace {

template <class T>
bool Reads(const std::string& text, T expected) {
  T value{};
  return ParseScalar(text, &value).empty() && value == expected;
}

template <class T>
bool Refuses(const std::string& text) {
  T value{};
  return !ParseScalar(text, &value).empty();
}

TEST_CASE("integers may have an exponent or a zero fraction") {
  CHECK(Reads<int>("1e6", 1'000'000));
  CHECK(Reads<int>("+12", 12));
  CHECK(Reads<int>("-0", 0));
  CHECK(Reads<int>("010", 10));
  CHECK(Reads<int>("2.50e1", 25));
  CHECK(Reads<int>("1200e-2", 12));
  CHECK(Reads<int>("0e999999999999999999999", 0));
  CHECK(Reads<std::uint64_t>("-0", 0));
  CHECK(Reads<std::int64_t>("9007199254740993.0", 9007199254740993));  // not a double
  CHECK(
      Reads<std::uint64_t>("1.8446744073709551615e19", std::numeric_limits<std::uint64_t>::max()));
  CHECK(Reads<std::int64_t>("-9223372036854775808", std::numeric_limits<std::int64_t>::min()));
  for (const char* text :
       {"", "-", ".", "e5", "1e", "1.5", "1e-1", "0x10", "1_000", "1 000", " 1", "1 ", "one",
        "2147483648", "1e10", "1e99999999999999999999", "true", "inf", "nan"}) {
    INFO(text);
    CHECK(Refuses<int>(text));
  }
}

TEST_CASE("numbers are decimal and finite") {
  CHECK(Reads<double>(".5", 0.5));
  CHECK(Reads<double>("5.", 5));
  CHECK(Reads<double>("+1E-3", 1e-3));
  CHECK(Reads<double>("5e-324", std::numeric_limits<double>::denorm_min()));
  double zero = 1;
  CHECK(ParseScalar("-0", &zero).empty());
  CHECK(std::signbit(zero));
  for (const char* text : {"", "+", ".", "1e", "1e+", "--1", "+-1", "1,5", "0x1p3", "inf", "-inf",
                           "nan", ".inf", "-.INF", "infinity", "1e400", "1f"}) {
    INFO(text);
    CHECK(Refuses<double>(text));
  }
}

TEST_CASE("booleans are true and false") {
  CHECK(Reads<bool>("true", true));
  CHECK(Reads<bool>("False", false));
  for (const char* text : {"yes", "no", "on", "off", "1", "0", "t", "tRUE", ""})
    CHECK(Refuses<bool>(text));
}

TEST_CASE("a double is written in its shortest form and read back to the same bits") {
  CHECK(ToYaml(0.1) == "0.1");
  CHECK(ToYaml(100.0) == "100");
  CHECK(ToYaml(-0.0) == "-0");
  CHECK(ToYaml(1e-5) == "1.0e-05");  // PyYAML takes 1e-05 for text
  CHECK(ToYaml(1.5e300) == "1.5e+300");
  std::mt19937_64 engine(1);
  for (int i = 0; i < 10000; ++i) {
    const auto value = std::bit_cast<double>(engine());
    if (!std::isfinite(value)) continue;
    double back = 0;
    REQUIRE(ParseScalar(ToYaml(value), &back).empty());
    REQUIRE(std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(value));
  }
}

TEST_CASE("values that could not be read back are not written") {
  CHECK_THROWS_AS(ToYaml(std::numeric_limits<double>::infinity()), Error);
  CHECK_THROWS_AS(ToYaml(std::nan("")), Error);
  CHECK_THROWS_AS(ToYaml(std::string("a\xff")), Error);
}

TEST_CASE("text is quoted unless it is a plain word") {
  CHECK(ToYaml(std::string("Pendulum-v1")) == "Pendulum-v1");
  CHECK(ToYaml(std::string("a/b.c_d")) == "a/b.c_d");
  for (const char* text :
       {"", "null", "True", "no", "y", "1e5", ".5", "~", "a b", "a: b", "-a", "é"}) {
    CHECK(ToYaml(std::string(text)) == "\"" + std::string(text) + "\"");
  }
  CHECK(ToYaml(std::string("a\"\\\n\t")) == R"("a\"\\\n\x09")");
}

TEST_CASE("bytes that are not UTF-8 are found") {
  const auto bad_at = [](const std::string& text) { return FirstNonUtf8(text); };
  CHECK(bad_at("aé∇😀") == std::string::npos);
  CHECK(bad_at("a\x80") == 1);             // continuation alone
  CHECK(bad_at("a\xC3") == 1);             // cut off
  CHECK(bad_at("\xC0\x80") == 0);          // overlong
  CHECK(bad_at("\xE0\x80\x80") == 0);      // overlong
  CHECK(bad_at("\xF0\x80\x80\x80") == 0);  // overlong
  CHECK(bad_at("\xED\xA0\x80") == 0);      // surrogate
  CHECK(bad_at("\xF4\x90\x80\x80") == 0);  // beyond U+10FFFF
  CHECK(bad_at("\xFF") == 0);
}

TEST_CASE("messages are short and on one line") {
  CHECK(Quoted("a\nb\xff\x01é") == "'a\\x0Ab\\xFF\\x01é'");
  CHECK(OneLine("abcdef", 3) == "abc...");
  CHECK(OneLine("ééé", 3) == "éé...");
}

}  // namespace
}  // namespace nabla::config
