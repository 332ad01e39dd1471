// Prioritised replay: drawn in proportion to p^α, with weights (N P)^−β, where β rises to 1.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "agent/replay/replay_buffer.h"
#include "agent/run/checkpoint.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

constexpr PriorityConfig kConfig = {.alpha = 0.6, .beta = 0.4, .beta_updates = 50, .epsilon = 0.01};

// A buffer with the transitions 0 … n−1 of one episode. Transition k has observation k.
class Filled {
 public:
  Filled(int n, Index capacity, const PriorityConfig& config)
      : buffer(1, 1, capacity, 1, {.gamma = 0.9, .priority = config}) {
    buffer.Begin(0, Number(0));
    for (int k = 0; k < n; ++k) Add();
  }
  void Add() {
    buffer.Add(0, Number(0), 0, false, Number(next + 1));
    ++next;
  }
  // Sets the error of transition k to errors[k].
  void Learn(Rng& rng, Batch& batch, std::map<int, double>& errors) {
    buffer.Draw(rng, batch);
    for (Index i = 0; i < batch.size(); ++i) {
      batch.td_error()(0, i) = static_cast<Real>(errors.at(At(batch, i)));
    }
    buffer.UpdatePriorities(batch);
  }
  static int At(Batch& batch, Index i) { return static_cast<int>(batch.data()(0, i)); }

  ReplayBuffer buffer;
  int next = 0;

 private:
  static std::array<Real, 1> Number(int k) { return {static_cast<Real>(k)}; }
};

}  // namespace

TEST_CASE("priority: transitions are drawn in proportion to (|δ| + ε)^α", "[agent]") {
  Filled filled(20, 40, kConfig);
  std::map<int, double> errors;
  double total = 0;
  const auto power = [&](int k) { return std::pow(std::fabs(errors[k]) + 0.01, 0.6); };
  for (int k = 0; k < 20; ++k) {
    errors[k] = (k % 2 == 0 ? 1 : -1) * 0.2 * k;  // the first error is 0, so its priority is ε
    total += power(k);
  }
  Rng rng(1);
  Batch batch(1, 1, 50);
  for (int i = 0; i < 200; ++i) filled.Learn(rng, batch, errors);
  std::map<int, int> counts;
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) {
    filled.buffer.Draw(rng, batch);
    for (Index b = 0; b < 50; ++b) ++counts[Filled::At(batch, b)];
  }
  for (int k = 0; k < 20; ++k) {
    CAPTURE(k);
    CHECK(counts[k] / (50.0 * kDraws) == Approx(power(k) / total).epsilon(0.05).margin(3e-4));
  }
  // Now β is 1 and w = (N P)^−1 divided by the largest weight of the batch, so w P is constant.
  REQUIRE(batch.weight().maxCoeff() == 1);
  const double constant = static_cast<double>(batch.weight()(0, 0)) * power(Filled::At(batch, 0));
  for (Index b = 0; b < 50; ++b) {
    CHECK(static_cast<double>(batch.weight()(0, b)) * power(Filled::At(batch, b)) ==
          Approx(constant).epsilon(1e-4));
  }
}

TEST_CASE("priority: beta rises linearly to 1 and then stays constant", "[agent]") {
  Filled filled(2, 8, kConfig);
  std::map<int, double> errors = {{0, 0.09}, {1, 7.99}};  // p 0.1 and 8
  Rng rng(1);
  Batch batch(1, 1, 64);
  filled.Learn(rng, batch, errors);
  for (int draw = 1; draw < 120; ++draw) {
    filled.Learn(rng, batch, errors);
    const double beta = std::min(1.0, 0.4 + 0.6 * draw / 50);
    const double smallest = std::pow(80, -0.6 * beta);  // (P_1 / P_0)^−β
    bool both = false;
    for (Index b = 1; b < 64; ++b) both |= Filled::At(batch, b) != Filled::At(batch, 0);
    CAPTURE(draw);
    REQUIRE(both);
    REQUIRE(static_cast<double>(batch.weight().minCoeff()) == Approx(smallest).epsilon(1e-4));
  }
}

TEST_CASE("priority: new transitions have the largest priority so far", "[agent]") {
  Filled filled(4, 40, {.alpha = 1});
  std::map<int, double> errors = {{0, 0.5}, {1, 3}, {2, 0.5}, {3, 0.5}};
  Rng rng(1);
  Batch batch(1, 1, 100);
  filled.Learn(rng, batch, errors);
  filled.Learn(rng, batch, errors);
  filled.Add();
  int fresh = 0, largest = 0;
  for (int i = 0; i < 100; ++i) {
    filled.buffer.Draw(rng, batch);
    for (Index b = 0; b < 100; ++b) {
      fresh += Filled::At(batch, b) == 4;
      largest += Filled::At(batch, b) == 1;
    }
  }
  CHECK(fresh / 1e4 == Approx(3 / 7.5).epsilon(0.03));
  CHECK(largest / 1e4 == Approx(3 / 7.5).epsilon(0.03));
}

TEST_CASE("priority: alpha 0 draws uniformly with weights 1", "[agent]") {
  Filled filled(20, 40, {.alpha = 0});
  Batch batch(1, 1, 50);
  Rng rng(4);
  filled.buffer.Draw(rng, batch);
  REQUIRE(batch.weight() == Matrix::Ones(1, 50));
}

TEST_CASE("priority: a restored buffer continues like the saved one", "[agent]") {
  const nabla::test::TempFolder folder;
  CheckpointStore store(folder.path() / "checkpoint", CheckpointStore::Access::kWrite);
  std::map<int, double> errors;
  for (int k = 0; k < 200; ++k) errors[k] = std::sin(k);
  Filled saved(60, 33, kConfig);  // the ring has wrapped
  Rng rng(9);
  Batch batch(1, 1, 16);
  for (int i = 0; i < 20; ++i) saved.Learn(rng, batch, errors);
  store.Write(
      CheckpointKind::kLatest, 0,
      [&](const StateArchive& archive) { saved.buffer.Serialize(archive); },
      nlohmann::json::object());
  Filled restored(60, 33, kConfig);
  StateLoader loader = store.Open("latest");
  loader.Restore([&](const StateArchive& archive) { restored.buffer.Serialize(archive); });
  Rng same = rng;
  Batch other(1, 1, 16);
  for (int i = 0; i < 100; ++i) {
    saved.Learn(rng, batch, errors);
    restored.Learn(same, other, errors);
    REQUIRE(batch.observation_action() == other.observation_action());
    REQUIRE(batch.next_observation() == other.next_observation());
    REQUIRE(batch.weight() == other.weight());
    if (i % 3 == 0) saved.Add(), restored.Add();
  }
}
