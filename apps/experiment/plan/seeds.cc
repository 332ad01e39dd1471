#include "apps/experiment/plan/seeds.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "apps/experiment/plan/node.h"
#include "config/scalar.h"

namespace nabla::experiment {
namespace {

constexpr std::uint64_t kMostSeeds = 100'000;
constexpr const char* kExamples = "; write seeds as 0-9, \"0-4, 7\" or [0, 1, 5]";

std::string WithExamples(std::string message) { return message.append(kExamples); }

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool ParseSeed(std::string_view text, std::uint64_t& seed) {
  text = Trimmed(text);
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seed);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

class SeedReader {
 public:
  explicit SeedReader(const config::Document& document) : document_(document) {}

  void Read(const config::Node& node) {
    if (node.kind == config::Node::Kind::kSequence) {
      for (const config::Node& item : node.items) Read(item);
    } else if (node.kind == config::Node::Kind::kText) {
      std::string_view rest = node.text;
      for (std::size_t comma = 0; comma != std::string_view::npos;) {
        comma = rest.find(',');
        Range(rest.substr(0, comma), node);
        rest = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
      }
    } else {
      Fail(node, WithExamples("expected seeds"));
    }
  }

  [[noreturn]] void Fail(const config::Node& node, const std::string& text) const {
    FailAt(document_, node.place, "seeds: " + text);
  }

  std::vector<std::uint64_t> seeds;

 private:
  void Range(std::string_view text, const config::Node& node) {
    const std::size_t dash = text.find('-');
    std::uint64_t first = 0, last = 0;
    const bool good = ParseSeed(text.substr(0, dash), first) &&
                      (dash == std::string_view::npos || ParseSeed(text.substr(dash + 1), last));
    if (!good) Fail(node, WithExamples(config::Quoted(Trimmed(text)) + " is not a seed"));
    if (dash == std::string_view::npos) last = first;
    if (last < first) {
      Fail(node, config::Quoted(Trimmed(text)) + " is a descending range");
    }
    if (last - first >= kMostSeeds)
      Fail(node, "a range of more than " + std::to_string(kMostSeeds) + " seeds");
    for (std::uint64_t seed = first;; ++seed) {
      if (std::find(seeds.begin(), seeds.end(), seed) != seeds.end()) {
        Fail(node, "seed " + std::to_string(seed) + " is listed twice");
      }
      seeds.push_back(seed);
      if (seed == last) break;
    }
  }

  const config::Document& document_;
};

}  // namespace

std::vector<std::uint64_t> ReadSeeds(const config::Node& node, const config::Document& document) {
  SeedReader reader(document);
  reader.Read(node);
  if (reader.seeds.empty()) reader.Fail(node, WithExamples("the list is empty"));
  return std::move(reader.seeds);
}

}  // namespace nabla::experiment
