// Every drawn transition is one that happened, for any ring, any episodes and any number of
// environments.
#include "agent/replay/replay_buffer.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "agent/state/state_files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

constexpr Index kObservation = 2;
constexpr Index kAction = 1;
constexpr double kHalfGamma = 0.5;

// Observations are numbered: number n of environment l is (n, l), with action n + ½ and reward −n.
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

  // True if column = [s, a, r, discount, s'] is one of the added transitions.
  bool Holds(const Vector& column) const {
    const int n = static_cast<int>(column[0]);
    const auto it = happened_.find(n);
    return it != happened_.end() && column[1] == static_cast<Real>(lane_) &&
           column[2] == static_cast<Real>(n) + Real(0.5) && column[3] == static_cast<Real>(-n) &&
           column[4] == (it->second ? Real(0) : Real(kHalfGamma)) &&
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

TEST_CASE("replay: drawn transitions are transitions that happened, at every wrap of the ring",
          "[agent]") {
  for (const Index lanes : {1, 3}) {
    for (const Index capacity : {12, 13, 60}) {
      ReplayBuffer buffer(kObservation, kAction, capacity, lanes, {.gamma = kHalfGamma});
      std::vector<Stream> streams;
      for (Index lane = 0; lane < lanes; ++lane) streams.emplace_back(buffer, lane);
      for (Stream& stream : streams) stream.Begin();
      Rng rng(7);
      Batch batch(kObservation, kAction, 64);
      for (int step = 0; step < 200; ++step) {
        for (Stream& stream : streams) {
          const bool terminated = rng.Below(5) == 0;
          stream.Add(terminated);
          if (terminated || rng.Below(7) == 0) stream.Begin();  // truncated
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

TEST_CASE("replay: exactly the transitions that fit are drawn", "[agent]") {
  ReplayBuffer buffer(kObservation, kAction, 10, 1, {.gamma = kHalfGamma});
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

TEST_CASE("replay: extra rows are drawn for the first and the last column of a return", "[agent]") {
  constexpr Index kCapacity = 26;
  const std::vector<ExtraRows> extra = {{"state", 2}, {"slope", 1}};
  for (const int n : {1, 3}) {
    ReplayBuffer buffer(kObservation, kAction, kCapacity, 2,
                        {.gamma = kHalfGamma, .n_step = n, .extra = extra});
    Rng rng(3);
    Batch batch(kObservation, kAction, 64, buffer.extra());
    int number[] = {0, 1000};
    const auto observation = [&](Index i) {
      return std::vector<Real>{static_cast<Real>(number[i]), static_cast<Real>(i)};
    };
    // The state belongs to an observation, and the slope to the transition that starts there.
    const auto open = [&](Index i) {
      buffer.OpenExtra(i, FindExtra(extra, "state")).setConstant(static_cast<Real>(number[i]));
    };
    for (Index i = 0; i < 2; ++i) buffer.Begin(i, observation(i)), open(i);
    for (int step = 0; step < 150; ++step) {
      for (Index i = 0; i < 2; ++i) {
        buffer.OpenExtra(i, FindExtra(extra, "slope")).setConstant(Real(-2) * number[i]);
        const bool terminated = rng.Below(6) == 0;
        ++number[i];
        buffer.Add(i, std::array<Real, 1>{0}, 0, terminated, observation(i));
        open(i);
        if (!terminated) continue;
        ++number[i];
        buffer.Begin(i, observation(i));
        open(i);
      }
      buffer.Draw(rng, batch);
      for (Index b = 0; b < batch.size(); ++b) {
        const Real start = batch.observation()(0, b), end = batch.next_observation()(0, b);
        CAPTURE(n, step, start, end);
        REQUIRE(batch.extra(0).col(b) == Vector::Constant(2, start));
        REQUIRE(batch.extra(1)(0, b) == -2 * start);
        REQUIRE(batch.next_extra(0).col(b) == Vector::Constant(2, end));
      }
    }
  }
}

TEST_CASE("replay: extra rows are saved, and unknown names are rejected", "[agent]") {
  const ReplayOptions options{.gamma = kHalfGamma, .extra = {{"state", 1}}};
  ReplayBuffer saved(kObservation, kAction, 12, 1, options), restored = saved;
  Stream stream(saved, 0);
  stream.Begin();
  for (int i = 0; i < 30; ++i) {
    saved.OpenExtra(0, 0)(0) = static_cast<Real>(i);
    stream.Add(false);
  }
  const test::TempFolder folder;
  StateSaver saver(false);
  saved.Serialize(StateArchive(saver));
  saver.WriteTo(folder.path(), "latest", 0, nlohmann::json::object());
  StateLoader loader(folder.path());
  loader.Restore([&](const StateArchive& archive) { restored.Serialize(archive); });
  Batch one(kObservation, kAction, 40, saved.extra()),
      other(kObservation, kAction, 40, saved.extra());
  Rng rng(1), same(1);
  saved.Draw(rng, one);
  restored.Draw(same, other);
  REQUIRE(one.extra(0) == other.extra(0));
  REQUIRE(one.extra(0).maxCoeff() == 29);
  REQUIRE_THROWS_WITH(FindExtra(options.extra, "hidden"),
                      "no extra rows 'hidden' are stored; known: state");
}

TEST_CASE("replay: a buffer that is too small is rejected", "[agent]") {
  REQUIRE_THROWS_WITH(ReplayBuffer(3, 1, 8, 4, {}),
                      "replay buffer: capacity 8 is less than 3 columns for each of 4 environments "
                      "(trainer.buffer_size, trainer.envs)");
}
