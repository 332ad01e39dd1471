// Distances between names, and suggestions.
#include "config/nearest.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace nabla::config {
namespace {

TEST_CASE("edit distance counts insertions, deletions, substitutions and swaps") {
  CHECK(EditDistance("", "") == 0);
  CHECK(EditDistance("", "abc") == 3);
  CHECK(EditDistance("gamma", "gamma") == 0);
  CHECK(EditDistance("gama", "gamma") == 1);
  CHECK(EditDistance("gammma", "gamma") == 1);
  CHECK(EditDistance("gomma", "gamma") == 1);
  CHECK(EditDistance("gmama", "gamma") == 1);
  CHECK(EditDistance("TD3", "td3") == 0);
  CHECK(EditDistance("kitten", "sitting") == 3);
  CHECK(EditDistance("ca", "abc") == 3);  // 2 without the restriction to optimal string alignment
}

TEST_CASE("edit distance is symmetric and obeys its bounds") {
  const std::vector<std::string> names = {"",      "a",     "ab",     "ba",   "gamma",
                                          "gmama", "batch", "hidden", "actor"};
  for (const std::string& a : names) {
    for (const std::string& b : names) {
      const int distance = EditDistance(a, b);
      const auto longer = static_cast<int>(std::max(a.size(), b.size()));
      const auto shorter = static_cast<int>(std::min(a.size(), b.size()));
      CHECK(distance == EditDistance(b, a));
      CHECK((distance >= longer - shorter && distance <= longer));
      CHECK((distance == 0) == (a == b));
    }
  }
}

TEST_CASE("the nearest name is suggested, if one is near") {
  const std::vector<std::string> names = {"gamma", "batch", "policy_delay", "learning_rate"};
  CHECK(Nearest("gama", names) == "gamma");
  CHECK(Nearest("BATCH", names) == "batch");
  CHECK(Nearest("learning", names) == "learning_rate");
  CHECK(Nearest("policy-delay", names) == "policy_delay");
  CHECK(Nearest("zzz", names).empty());
  CHECK(Nearest("", names).empty());
  CHECK(Nearest("gamma", {}).empty());
  CHECK(Nearest(std::string(100'000, 'x'), names).empty());
}

TEST_CASE("names are listed nearest first, ties in their order") {
  CHECK(ByNearness("b", {"ccc", "a", "b", "c"}) == std::vector<std::string>{"b", "a", "c", "ccc"});
}

TEST_CASE("the end of an error message suggests one name and lists all") {
  CHECK(DidYouMean("gama", {"gamma", "batch"}, "keys") ==
        "; did you mean 'gamma'? (keys: gamma, batch)");
  CHECK(DidYouMean("zzzzz", {"gamma"}, "keys") == " (keys: gamma)");
  CHECK(DidYouMean("x", {}, "keys") == " (keys: none)");
}

}  // namespace
}  // namespace nabla::config
