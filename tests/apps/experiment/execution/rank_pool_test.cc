// The distribution of units to ranks, with simulated ranks.
#include "apps/experiment/execution/rank_pool.h"

#include <fcntl.h>
#include <sys/file.h>

#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/apps/experiment/fixture.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

using Json = nlohmann::json;

// Rank 0 of three; `inbox` has the messages of the others.
class PlayedRanks : public Ranks {
 public:
  int rank() const override { return 0; }
  int count() const override { return 3; }
  void Send(int to, const std::string& text) override { sent[to].push_back(Json::parse(text)); }
  std::optional<RankMessage> Receive() override {
    if (inbox.empty()) return std::nullopt;
    RankMessage message = inbox.front();
    inbox.pop_front();
    return message;
  }
  void End() override {}

  void Say(int from, const Json& json) { inbox.push_back({from, json.dump()}); }

  std::deque<RankMessage> inbox;
  std::map<int, std::vector<Json>> sent;
};

// `count` units, of which it records the ends.
class Record : public UnitSource {
 public:
  Record(const Bench& bench, std::size_t count) : bench_(bench), count_(count) {}
  NextUnit Next() override {
    return next_ == count_ ? NextUnit{} : NextUnit{NextUnit::kUnit, next_++};
  }
  UnitRun Run(std::size_t unit) const override {
    UnitRun described;
    described.folder = "unit_" + std::to_string(unit);
    described.lock = bench_ / ("lock_" + std::to_string(unit));
    described.config.trainer.steps = 123;
    return described;
  }
  void OnTick(const WorkerViews& workers) override { views = workers.size(); }
  void OnEnd(std::size_t unit, const UnitEnd& end) override {
    ended.emplace_back(unit, end.outcome);
  }
  std::size_t views = 0;
  std::vector<std::pair<std::size_t, UnitOutcome>> ended;

 private:
  const Bench& bench_;
  std::size_t count_;
  std::size_t next_ = 0;
};

struct Game {
  explicit Game(double silence, std::size_t units = 3)
      : record(bench, units), dispatcher(ranks, {.silence = silence}, record) {}

  Bench bench;
  PlayedRanks ranks;
  Record record;
  Dispatcher dispatcher;

  Json End(std::size_t unit) {
    return {{"kind", "end"}, {"unit", unit}, {"outcome", 0}, {"reason", ""}, {"note", ""}};
  }
};

TEST_CASE("Each unit goes to one of the ranks that ask, and all ranks are dismissed at the end") {
  Game game(1000);
  CHECK(game.dispatcher.Next().unit == 0);
  game.ranks.Say(2, {{"kind", "ask"}});
  game.ranks.Say(1, {{"kind", "ask"}});
  game.dispatcher.Serve();
  std::set<std::size_t> handed;
  for (int rank : {1, 2}) {
    REQUIRE(game.ranks.sent[rank].size() == 1);
    const Json& unit = game.ranks.sent[rank][0];
    CHECK(unit["kind"] == "unit");
    CHECK(unit["run"]["config"].get<std::string>().find("steps: 123") != std::string::npos);
    handed.insert(unit["unit"].get<std::size_t>());
  }
  CHECK(handed == std::set<std::size_t>{1, 2});
  // No unit is left, but a rank may still be lost, so none is dismissed yet.
  game.ranks.Say(1, game.End(1));
  game.ranks.Say(2, {{"kind", "ask"}});
  CHECK(game.dispatcher.Next().kind == NextUnit::kLater);
  CHECK(game.ranks.sent[2].size() == 1);
  game.ranks.Say(2, game.End(2));
  game.ranks.Say(1, {{"kind", "ask"}});
  CHECK(game.dispatcher.Next().kind == NextUnit::kLater);
  CHECK(game.ranks.sent[1].back()["kind"] == "none");
  CHECK(game.ranks.sent[2].back()["kind"] == "none");
  game.ranks.Say(1, {{"kind", "gone"}});
  game.ranks.Say(2, {{"kind", "gone"}});
  CHECK(game.dispatcher.Next().kind == NextUnit::kNone);
  CHECK(game.dispatcher.AllGone());
  CHECK(game.record.ended.size() == 2);
}

TEST_CASE("Other ranks take over the units of a silent rank once nobody holds their locks") {
  Game game(0.05, 1);
  game.ranks.Say(1, {{"kind", "ask"}});
  game.dispatcher.Serve();
  REQUIRE(game.ranks.sent[1].size() == 1);
  agent::FileDescriptor lock(game.bench / "lock_0", O_RDWR | O_CREAT, "create");
  REQUIRE(::flock(lock.get(), LOCK_EX) == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(80));
  game.ranks.Say(2, {{"kind", "ask"}});
  game.dispatcher.Serve();
  CHECK(game.ranks.sent[2].empty());  // its worker continues without the rank
  lock.Close();
  game.dispatcher.Serve();
  game.ranks.Say(2, {{"kind", "views"}, {"views", Json::array()}});
  game.dispatcher.Serve();
  REQUIRE(game.ranks.sent[2].size() == 1);
  CHECK(game.ranks.sent[2][0]["unit"] == 0);
  // If the first rank reports after all, its result does not count twice.
  game.ranks.Say(1, game.End(0));
  game.ranks.Say(2, game.End(0));
  game.dispatcher.Serve();
  CHECK(game.record.ended.size() == 1);
}

}  // namespace
}  // namespace nabla::experiment
