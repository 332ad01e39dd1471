// Every drawn transition is one that happened, whatever the ring, the episodes and the lanes.
#include "agent/replay/replay_buffer.h"

#include <map>
#include <set>

#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

constexpr Index kObservation = 2;
constexpr Index kAction = 1;
constexpr double kGamma = 0.5;

// Observations are numbered: number n of lane l is (n, l), its action is n + ½, its reward −n.
class Stream {
 public:
  Stream(ReplayBuffer& buffer, Index lane) : buffer_(buffer), lane_(lane) {}

  void Begin() {
    ++number_;
    buffer_.Begin(lane_, Observation(number_));
  }
  void Add(bool terminated) {
    const std::array<Real, 1> action = {static_cast<Real>(number_) + Real(0.5)};
    buffer_.Add(lane_, action, -number_, terminated, Observation(number_ + 1));
    happened_[number_] = terminated;
    ++number_;
  }

  // True if [s, a, r, discount, s'] is one of the transitions added, the newest `last` of them.
  bool Holds(const Vector& column) const {
    const int n = static_cast<int>(column[0]);
    const auto it = happened_.find(n);
    return it != happened_.end() && column[1] == static_cast<Real>(lane_) &&
           column[2] == static_cast<Real>(n) + Real(0.5) && column[3] == static_cast<Real>(-n) &&
           column[4] == (it->second ? Real(0) : Real(kGamma)) &&
           column[5] == static_cast<Real>(n + 1) && column[6] == static_cast<Real>(lane_);
  }
  int newest() const { return happened_.rbegin()->first; }

 private:
  std::vector<Real> Observation(int number) const {
    return {static_cast<Real>(number), static_cast<Real>(lane_)};
  }

  ReplayBuffer& buffer_;
  Index lane_;
  int number_ = 0;
  std::map<int, bool> happened_;
};

}  // namespace

TEST_CASE("replay: draws are transitions that happened, through every wrap of the ring",
          "[agent]") {
  for (const Index lanes : {1, 3}) {
    for (const Index capacity : {12, 13, 60}) {
      ReplayBuffer buffer(kObservation, kAction, capacity, lanes, {.gamma = kGamma});
      std::vector<Stream> streams;
      for (Index lane = 0; lane < lanes; ++lane) streams.emplace_back(buffer, lane);
      for (Stream& stream : streams) stream.Begin();
      Rng rng(7);
      Batch batch(kObservation, kAction, 64);
      for (int step = 0; step < 200; ++step) {
        for (Stream& stream : streams) {
          const bool terminated = rng.Below(5) == 0;
          stream.Add(terminated);
          if (terminated || rng.Below(7) == 0) stream.Begin();  // the second is a truncation
        }
        buffer.Draw(rng, batch);
        for (Index i = 0; i < batch.size(); ++i) {
          const Vector column = batch.data().col(i);
          const auto lane = static_cast<std::size_t>(column[1]);
          CAPTURE(lanes, capacity, step, column.transpose());
          REQUIRE(lane < streams.size());
          REQUIRE(streams[lane].Holds(column));
          REQUIRE(column[0] > streams[lane].newest() - static_cast<double>(capacity / lanes));
        }
      }
    }
  }
}

TEST_CASE("replay: every transition that fits is drawn, and none else", "[agent]") {
  ReplayBuffer buffer(kObservation, kAction, 10, 1, {.gamma = kGamma});
  Stream stream(buffer, 0);
  stream.Begin();
  for (int i = 0; i < 50; ++i) stream.Add(false);
  REQUIRE(buffer.size() == 9);  // one column is open
  Rng rng(1);
  Batch batch(kObservation, kAction, 500);
  buffer.Draw(rng, batch);
  std::set<int> drawn;
  for (Index i = 0; i < batch.size(); ++i) drawn.insert(static_cast<int>(batch.data()(0, i)));
  REQUIRE(drawn.size() == 9);
  REQUIRE(*drawn.rbegin() == stream.newest());
}

TEST_CASE("replay: a buffer that is too small is refused", "[agent]") {
  REQUIRE_THROWS_WITH(ReplayBuffer(3, 1, 8, 4, {}),
                      "replay buffer: capacity 8 is less than 3 for each of 4 environments");
}
