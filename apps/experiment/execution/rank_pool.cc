#include "apps/experiment/execution/rank_pool.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

#include "config/config.h"

namespace nabla::experiment {
namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto kPause = std::chrono::milliseconds(10);
constexpr auto kViewInterval = std::chrono::seconds(1);

Json ToJson(const UnitRun& run) {
  return {{"folder", run.folder.string()},       {"lock", run.lock.string()},
          {"config", config::Write(run.config)}, {"threads", run.threads},
          {"retry_failed", run.retry_failed},    {"about", run.about}};
}

UnitRun UnitRunFromJson(const Json& json) {
  UnitRun run;
  run.folder = json.at("folder").get<std::string>();
  run.lock = json.at("lock").get<std::string>();
  run.config = config::ReadText<agent::TaskConfig>(json.at("config"), "what rank 0 has sent");
  run.threads = json.at("threads");
  run.retry_failed = json.at("retry_failed");
  run.about = json.at("about");
  return run;
}

// Seconds since the start instead of an instant: clocks differ between machines.
Json ToJson(const WorkerView& view, std::size_t unit) {
  return {{"unit", unit},
          {"first_step", view.first_step},
          {"step", view.step},
          {"return", view.total_reward ? Json(*view.total_reward) : Json()},
          {"seconds", std::chrono::duration<double>(Clock::now() - view.start).count()}};
}

WorkerView ViewFromJson(const Json& json) {
  WorkerView view;
  view.unit = json.at("unit");
  view.first_step = json.at("first_step");
  view.step = json.at("step");
  if (!json.at("return").is_null()) view.total_reward = json.at("return");
  const std::chrono::duration<double> seconds(json.at("seconds").get<double>());
  view.start = Clock::now() - std::chrono::duration_cast<Clock::duration>(seconds);
  return view;
}

// A rank's side of the conversation.
class Servant : public PoolObserver {
 public:
  explicit Servant(Ranks& ranks) : ranks_(ranks) {}

  NextUnit Next() {
    if (!asked_) Send({{"kind", "ask"}});
    asked_ = true;
    Listen();
    if (dismissed_) return {};
    if (fresh_ == handed_.size()) return {NextUnit::kLater};
    asked_ = false;
    return {NextUnit::kUnit, fresh_++};
  }

  const UnitRun& Run(std::size_t k) const { return handed_[k].run; }

  void OnTick(const std::vector<std::optional<WorkerView>>& workers) override {
    Listen();
    if (Clock::now() < next_view_) return;
    next_view_ = Clock::now() + kViewInterval;
    Json views = Json::array();
    for (const auto& worker : workers) {
      if (worker) views.push_back(ToJson(*worker, handed_[worker->unit].unit));
    }
    Send({{"kind", "views"}, {"views", views}});
  }

  void OnEnd(std::size_t k, const UnitEnd& end) override {
    Send({{"kind", "end"},
          {"unit", handed_[k].unit},
          {"outcome", end.outcome},
          {"reason", end.reason},
          {"note", end.note}});
  }

  // Waits without a load: others may be training on this core.
  void Go() {
    Send({{"kind", "gone"}});
    for (; !may_leave_; std::this_thread::sleep_for(kPause)) Listen();
  }

 private:
  struct Handed {
    std::size_t unit;  // as rank 0 calls it
    UnitRun run;
  };

  void Send(const Json& json) {
    ranks_.Send(0, json.dump(-1, ' ', false, Json::error_handler_t::replace));
  }

  void Listen() {
    while (const auto message = ranks_.Receive()) {
      const Json json = Json::parse(message->text);
      const std::string kind = json.at("kind");
      if (kind == "unit") handed_.push_back({json.at("unit"), UnitRunFromJson(json.at("run"))});
      if (kind == "none") dismissed_ = true;
      if (kind == "bye") may_leave_ = true;
      if (kind == "stop") std::raise(SIGTERM);  // as if mpirun had passed it on
    }
  }

  Ranks& ranks_;
  std::vector<Handed> handed_;
  std::size_t fresh_ = 0;  // of those, the first that has not begun
  bool asked_ = false;
  bool dismissed_ = false;
  bool may_leave_ = false;
  Clock::time_point next_view_ = Clock::now();
};

}  // namespace

Dispatcher::Dispatcher(Ranks& ranks, const RankOptions& options, const UnitSource& next,
                       const std::function<UnitRun(std::size_t)>& run, PoolObserver& observer)
    : ranks_(ranks), options_(options), next_(next), run_(run), observer_(observer) {
  for (int rank = 1; rank < ranks.count(); ++rank) others_[rank];
}

bool Dispatcher::IsBusy() const {
  return std::any_of(others_.begin(), others_.end(),
                     [](const auto& other) { return !other.second.units.empty(); });
}

NextUnit Dispatcher::NextOfAll() {
  if (!returned_.empty()) {
    const std::size_t unit = returned_.front();
    returned_.pop_front();
    return {NextUnit::kUnit, unit};
  }
  const NextUnit next = next_();
  // What a rank is at may come back.
  return next.kind == NextUnit::kNone && IsBusy() ? NextUnit{NextUnit::kLater} : next;
}

NextUnit Dispatcher::Next() {
  Serve();
  const NextUnit next = NextOfAll();
  return next.kind == NextUnit::kNone && !AllGone() ? NextUnit{NextUnit::kLater} : next;
}

bool Dispatcher::AllGone() const {
  return std::all_of(others_.begin(), others_.end(), [](const auto& other) {
    return other.second.gone || (other.second.lost && other.second.units.empty());
  });
}

void Dispatcher::Stop() { Tell("stop"); }
void Dispatcher::Dismiss() { Tell("bye"); }

void Dispatcher::Tell(const char* kind) {
  for (const auto& [rank, other] : others_) {
    if (!other.lost) ranks_.Send(rank, Json{{"kind", kind}}.dump());
  }
}

void Dispatcher::Serve() {
  while (const auto message = ranks_.Receive()) Take(*message);
  for (auto& [rank, other] : others_) {
    if (other.asks) Answer(rank);
    const std::chrono::duration<double> silence = Clock::now() - other.heard;
    if (!other.gone && silence.count() > options_.silence) TakeOver(rank);
  }
}

void Dispatcher::Take(const RankMessage& message) {
  Rank& other = others_[message.from];
  other.heard = Clock::now();
  other.lost = false;
  const Json json = Json::parse(message.text);
  const std::string kind = json.at("kind");
  if (kind == "ask") {
    other.asks = true;
  } else if (kind == "gone") {
    other.gone = true;
    other.views.clear();
  } else if (kind == "views") {
    other.views.clear();
    for (const Json& view : json.at("views")) other.views.push_back(ViewFromJson(view));
  } else if (kind == "end") {
    const std::size_t unit = json.at("unit");
    if (std::erase(other.units, unit) == 0) return;  // it was taken over meanwhile
    observer_.OnEnd(unit, {json.at("outcome"), json.at("reason"), json.at("note")});
  }
}

void Dispatcher::Answer(int rank) {
  Rank& other = others_[rank];
  const NextUnit next = NextOfAll();
  if (next.kind == NextUnit::kLater) return;
  other.asks = false;
  if (next.kind == NextUnit::kNone) {
    ranks_.Send(rank, Json{{"kind", "none"}}.dump());
    return;
  }
  other.units.push_back(next.unit);
  ranks_.Send(rank,
              Json{{"kind", "unit"}, {"unit", next.unit}, {"run", ToJson(run_(next.unit))}}.dump());
}

void Dispatcher::TakeOver(int rank) {
  Rank& other = others_[rank];
  if (!other.lost) {
    fmt::print(stderr, "rank {} has not been heard of for {:.0f} s and counts as lost\n", rank,
               options_.silence);
  }
  other.lost = true;
  other.asks = false;
  other.views.clear();
  std::erase_if(other.units, [&](std::size_t unit) {
    const UnitRun run = run_(unit);
    if (IsLocked(run.lock)) return false;  // somebody is still at it
    fmt::print(stderr, "{} is taken over\n", run.folder.string());
    returned_.push_back(unit);
    return true;
  });
}

void Dispatcher::OnTick(const std::vector<std::optional<WorkerView>>& workers) {
  Serve();
  std::vector<std::optional<WorkerView>> all = workers;
  for (const auto& [rank, other] : others_) {
    all.insert(all.end(), other.views.begin(), other.views.end());
  }
  observer_.OnTick(all);
}

void RunPoolOnRanks(Ranks& ranks, const PoolOptions& options, const UnitSource& next,
                    const std::function<UnitRun(std::size_t)>& run, const std::atomic<bool>& stop,
                    PoolObserver& observer) {
  Dispatcher dispatcher(ranks, {}, next, run, observer);
  RunPool(
      options, [&] { return dispatcher.Next(); }, run, stop, dispatcher);
  if (stop) dispatcher.Stop();
  while (!dispatcher.AllGone()) {
    dispatcher.OnTick({});
    std::this_thread::sleep_for(kPause);
  }
  dispatcher.Dismiss();
}

void ServeRank(Ranks& ranks, const PoolOptions& options, const std::atomic<bool>& stop) {
  Servant servant(ranks);
  RunPool(
      options, [&] { return servant.Next(); }, [&](std::size_t k) { return servant.Run(k); }, stop,
      servant);
  servant.Go();
}

}  // namespace nabla::experiment
