// n-step returns, compared with a slow reference that keeps whole episodes: at every kind of end
// and every wrap of the ring, for several n, before and after the ring is full.
#include <array>
#include <map>
#include <vector>

#include "agent/replay/replay_buffer.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

constexpr double kStepGamma = 0.875;

struct Step {
  int episode = 0;
  double reward = 0;
  bool terminated = false;
};

// The complete history of one environment. Observations are numbered consecutively across resets.
class History {
 public:
  History(ReplayBuffer& buffer, Index lane) : buffer_(buffer), lane_(lane) {}

  void Begin() {
    ++number_;
    ++episode_;
    buffer_.Begin(lane_, Observation(number_));
  }
  void Add(double reward, bool terminated) {
    const std::array<Real, 1> action = {static_cast<Real>(number_ % 7)};
    steps_[number_] = {episode_, reward, terminated};
    buffer_.Add(lane_, action, reward, terminated, Observation(++number_));
  }

  // [s, a, r, discount, s'] of the transition that starts at observation `number`.
  std::vector<double> Expected(int number, int n) const {
    const int episode = steps_.at(number).episode;
    double reward = 0, discount = 1;
    int at = number;
    bool terminated = false;
    for (int k = 0; k < n; ++k, ++at) {
      const auto it = steps_.find(at);
      if (terminated || it == steps_.end() || it->second.episode != episode) break;
      reward += discount * it->second.reward;
      discount *= kStepGamma;
      terminated = it->second.terminated;
    }
    const auto lane = static_cast<double>(lane_);
    return {static_cast<double>(number),
            lane,
            static_cast<double>(number % 7),
            reward,
            terminated ? 0.0 : discount,
            static_cast<double>(at),
            lane};
  }

 private:
  std::vector<Real> Observation(int number) const {
    return {static_cast<Real>(number), static_cast<Real>(lane_)};
  }

  ReplayBuffer& buffer_;
  Index lane_;
  int number_ = 0;
  int episode_ = 0;
  std::map<int, Step> steps_;
};

void CheckDraws(int n, Index capacity, Index lanes, double alpha) {
  ReplayBuffer buffer(2, 1, capacity, lanes,
                      {.gamma = kStepGamma, .n_step = n, .priority = {.alpha = alpha}});
  std::vector<History> histories;
  for (Index lane = 0; lane < lanes; ++lane) histories.emplace_back(buffer, lane);
  for (History& history : histories) history.Begin();
  Rng rng(11);
  Batch batch(2, 1, 64);
  for (int step = 0; step < 150; ++step) {
    for (History& history : histories) {
      // A step that is both terminal and truncated is terminal.
      const bool terminated = rng.Below(6) == 0, truncated = rng.Below(6) == 0;
      history.Add(static_cast<double>(rng.Below(16)) - 8, terminated);
      if (terminated || truncated) history.Begin();
    }
    buffer.Draw(rng, batch);
    for (Index i = 0; i < batch.size(); ++i) {
      const Eigen::VectorXd column = batch.data().col(i).head(7).cast<double>();
      const auto lane = static_cast<std::size_t>(column[1]);
      const auto expected = histories[lane].Expected(static_cast<int>(column[0]), n);
      CAPTURE(n, capacity, lanes, alpha, step, column.transpose(), expected);
      for (Index k = 0; k < 7; ++k) {
        REQUIRE(column[k] == Approx(expected[static_cast<std::size_t>(k)]).epsilon(1e-6));
      }
    }
  }
}

}  // namespace

TEST_CASE("n-step: every draw equals the slow reference", "[agent]") {
  for (const int n : {1, 2, 3, 5, 50}) {  // 50 is longer than any ring in this test
    for (const Index capacity : {9, 10, 11, 48}) {
      for (const Index lanes : {1, 3}) CheckDraws(n, capacity, lanes, 0);
    }
    CheckDraws(n, 20, 2, 0.6);
  }
}

TEST_CASE("n-step: both ways of copying give the same batch for one step", "[agent]") {
  // Every episode has one step, so n has no effect.
  for (const bool terminated : {false, true}) {
    Batch one(2, 1, 32), many(2, 1, 32);
    one.data().setZero(), many.data().setZero();
    for (const int n : {1, 4}) {
      ReplayBuffer buffer(2, 1, 12, 1, {.gamma = kStepGamma, .n_step = n});
      History history(buffer, 0);
      for (int i = 0; i < 20; ++i) history.Begin(), history.Add(i, terminated);
      Rng rng(1);
      buffer.Draw(rng, n == 1 ? one : many);
    }
    REQUIRE(one.data() == many.data());
  }
}
