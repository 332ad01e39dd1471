// The sum tree finds the same index as a linear search through the weights.
#include "agent/replay/sum_tree.h"

#include <cmath>

#include "envs/core/random.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

Index Walk(const Eigen::VectorXd& weights, double u) {
  double sum = 0;
  for (Index i = 0; i < weights.size(); ++i) {
    sum += weights[i];
    if (u < sum) return i;
  }
  return -1;
}

}  // namespace

TEST_CASE("sum tree: finds the same index as a linear search", "[agent]") {
  for (const Index size : {1, 2, 3, 7, 8, 100}) {
    SumTree tree(size);
    Eigen::VectorXd weights = Eigen::VectorXd::Zero(size);
    Rng rng(static_cast<std::uint64_t>(size));
    for (int round = 0; round < 300; ++round) {
      const auto i = static_cast<Index>(rng.Below(static_cast<std::uint64_t>(size)));
      weights[i] = static_cast<double>(rng.Below(4)) / 4;  // sums of quarters are exact
      tree.Set(i, weights[i]);
      REQUIRE(tree.Total() == weights.sum());
      REQUIRE(tree[i] == weights[i]);
      if (tree.Total() == 0) continue;
      const double u = rng.Uniform() * tree.Total();
      CAPTURE(size, round, u, weights.transpose());
      REQUIRE(tree.Find(u) == Walk(weights, u));
      REQUIRE(tree.Find(0) == Walk(weights, 0));
      REQUIRE(weights[tree.Find(tree.Total())] > 0);  // the rounded sum
    }
  }
}

TEST_CASE("sum tree: depends on the weights, not on their history", "[agent]") {
  SumTree changed(37), rebuilt(37);
  Rng rng(3);
  for (int i = 0; i < 5000; ++i) {
    changed.Set(static_cast<Index>(rng.Below(37)), rng.Uniform() * std::pow(10, rng.Normal()));
  }
  rebuilt.Weights() = changed.Weights();
  rebuilt.Rebuild();
  REQUIRE(rebuilt.Total() == changed.Total());
  for (int i = 0; i < 1000; ++i) {
    const double u = rng.Uniform() * changed.Total();
    REQUIRE(rebuilt.Find(u) == changed.Find(u));
  }
}
