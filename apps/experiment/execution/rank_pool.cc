#include "apps/experiment/execution/rank_pool.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "agent/state/file_io.h"
#include "apps/experiment/plan/plan.h"
#include "config/config.h"
#include "config/scalar.h"

namespace nabla::experiment {

NLOHMANN_JSON_SERIALIZE_ENUM(RankMessageKind, {{RankMessageKind::kUnknown, nullptr},
                                               {RankMessageKind::kAsk, "ask"},
                                               {RankMessageKind::kViews, "views"},
                                               {RankMessageKind::kEnd, "end"},
                                               {RankMessageKind::kGone, "gone"},
                                               {RankMessageKind::kUnit, "unit"},
                                               {RankMessageKind::kNone, "none"},
                                               {RankMessageKind::kStop, "stop"},
                                               {RankMessageKind::kBye, "bye"}})

namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto kPause = std::chrono::milliseconds(10);
constexpr auto kViewInterval = std::chrono::seconds(1);

Json ToJson(const UnitRun& run) {
  if (config::FirstNonUtf8(run.folder.string()) != std::string::npos) {
    throw agent::InputError(run.folder.string() + ": under mpirun, a path must be UTF-8");
  }
  return {{"folder", run.folder.string()},       {"lock", run.lock.string()},
          {"config", config::Write(run.config)}, {"threads", run.threads},
          {"retry_failed", run.retry_failed},    {"about", run.about}};
}

UnitRun UnitRunFromJson(const Json& json) {
  UnitRun run;
  run.folder = json.at("folder").get<std::string>();
  run.lock = json.at("lock").get<std::string>();
  run.config = config::ReadText<agent::TaskConfig>(json.at("config"), "the config from rank 0");
  run.threads = json.at("threads");
  run.retry_failed = json.at("retry_failed");
  run.about = json.at("about");
  return run;
}

// With the seconds since the start, since the clocks of machines differ.
Json ToJson(const WorkerView& view, std::size_t unit) {
  return {{"unit", unit},
          {"first_step", view.first_step},
          {"step", view.step},
          {"return", NumberOrNull(view.total_reward)},
          {"seconds", std::chrono::duration<double>(Clock::now() - view.start).count()}};
}

WorkerView ViewFromJson(const Json& json) {
  WorkerView view;
  view.unit = json.at("unit");
  view.first_step = json.at("first_step");
  view.step = json.at("step");
  view.total_reward = OptionalNumber(json.at("return"));
  const std::chrono::duration<double> seconds(json.at("seconds").get<double>());
  view.start = Clock::now() - std::chrono::duration_cast<Clock::duration>(seconds);
  return view;
}

std::string TextOf(RankMessageKind kind, Json fields = Json::object()) {
  fields["kind"] = kind;
  return fields.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The other ranks: a source of units that asks the dispatcher on rank 0.
class DispatcherClient : public UnitSource {
 public:
  explicit DispatcherClient(Ranks& ranks) : ranks_(ranks) {}

  NextUnit Next() override {
    if (!asked_) ranks_.Send(0, TextOf(RankMessageKind::kAsk));
    asked_ = true;
    Listen();
    if (no_unit_left_) return {};
    if (next_ == received_.size()) return {NextUnit::kLater};
    asked_ = false;
    return {NextUnit::kUnit, next_++};
  }

  UnitRun Run(std::size_t k) const override { return received_[k].run; }

  void OnTick(const WorkerViews& workers) override {
    Listen();
    if (Clock::now() < next_view_) return;
    next_view_ = Clock::now() + kViewInterval;
    Json views = Json::array();
    for (const auto& worker : workers) {
      if (worker) views.push_back(ToJson(*worker, received_[worker->unit].unit));
    }
    ranks_.Send(0, TextOf(RankMessageKind::kViews, {{"views", views}}));
  }

  void OnEnd(std::size_t k, const UnitEnd& end) override {
    ranks_.Send(0, TextOf(RankMessageKind::kEnd, {{"unit", received_[k].unit},
                                                  {"outcome", end.outcome},
                                                  {"reason", end.reason},
                                                  {"note", end.note}}));
  }

  // Waits for the dispatcher's permission to leave. Sleeps between the checks: other ranks may be
  // training on this core.
  void Leave() {
    ranks_.Send(0, TextOf(RankMessageKind::kGone));
    for (; !may_leave_; std::this_thread::sleep_for(kPause)) Listen();
  }

 private:
  struct ReceivedUnit {
    std::size_t unit;  // its index on rank 0
    UnitRun run;
  };

  void Listen() {
    while (const auto message = ranks_.Receive()) {
      const Json json = Json::parse(message->text);
      const RankMessageKind kind = json.at("kind");
      if (kind == RankMessageKind::kUnit) {
        received_.push_back({json.at("unit"), UnitRunFromJson(json.at("run"))});
      }
      if (kind == RankMessageKind::kNone) no_unit_left_ = true;
      if (kind == RankMessageKind::kBye) may_leave_ = true;
      if (kind == RankMessageKind::kStop) std::raise(SIGTERM);  // as if sent by mpirun
    }
  }

  Ranks& ranks_;
  std::vector<ReceivedUnit> received_;
  std::size_t next_ = 0;  // the first of these that has not begun
  bool asked_ = false;
  bool no_unit_left_ = false;
  bool may_leave_ = false;
  Clock::time_point next_view_ = Clock::now();
};

}  // namespace

Dispatcher::Dispatcher(Ranks& ranks, const RankOptions& options, UnitSource& units)
    : ranks_(ranks), options_(options), units_(units) {
  for (int rank = 1; rank < ranks.count(); ++rank) others_[rank];
}

bool Dispatcher::IsBusy() const {
  return std::any_of(others_.begin(), others_.end(),
                     [](const auto& other) { return !other.second.units.empty(); });
}

NextUnit Dispatcher::NextUnassigned() {
  if (!returned_.empty()) {
    const std::size_t unit = returned_.front();
    returned_.pop_front();
    return {NextUnit::kUnit, unit};
  }
  const NextUnit next = units_.Next();
  // A rank may be lost, and its units then return.
  return next.kind == NextUnit::kNone && IsBusy() ? NextUnit{NextUnit::kLater} : next;
}

NextUnit Dispatcher::Next() {
  Serve();
  const NextUnit next = NextUnassigned();
  return next.kind == NextUnit::kNone && !AllGone() ? NextUnit{NextUnit::kLater} : next;
}

bool Dispatcher::AllGone() const {
  return std::all_of(others_.begin(), others_.end(), [](const auto& other) {
    return other.second.gone || (other.second.lost && other.second.units.empty());
  });
}

void Dispatcher::Stop() { Broadcast(RankMessageKind::kStop); }
void Dispatcher::Dismiss() { Broadcast(RankMessageKind::kBye); }

void Dispatcher::Broadcast(RankMessageKind kind) {
  for (const auto& [rank, other] : others_) {
    if (!other.lost) ranks_.Send(rank, TextOf(kind));
  }
}

void Dispatcher::Serve() {
  while (const auto message = ranks_.Receive()) Handle(*message);
  for (auto& [rank, other] : others_) {
    if (other.asks) Answer(rank);
    const std::chrono::duration<double> silence = Clock::now() - other.heard;
    if (!other.gone && silence.count() > options_.silence) TakeOver(rank);
  }
}

void Dispatcher::Handle(const RankMessage& message) {
  Rank& other = others_[message.from];
  other.heard = Clock::now();
  other.lost = false;
  const Json json = Json::parse(message.text);
  switch (json.at("kind").get<RankMessageKind>()) {
    case RankMessageKind::kAsk:
      other.asks = true;
      break;
    case RankMessageKind::kGone:
      other.gone = true;
      other.views.clear();
      break;
    case RankMessageKind::kViews:
      other.views.clear();
      for (const Json& view : json.at("views")) other.views.push_back(ViewFromJson(view));
      break;
    case RankMessageKind::kEnd: {
      const std::size_t unit = json.at("unit");
      if (std::erase(other.units, unit) == 0) return;  // another rank has taken the unit over
      units_.OnEnd(unit, {json.at("outcome"), json.at("reason"), json.at("note")});
      break;
    }
    default:
      throw std::runtime_error("rank 0 received a message that only it sends");
  }
}

void Dispatcher::Answer(int rank) {
  Rank& other = others_[rank];
  const NextUnit next = NextUnassigned();
  if (next.kind == NextUnit::kLater) return;
  other.asks = false;
  if (next.kind == NextUnit::kNone) {
    ranks_.Send(rank, TextOf(RankMessageKind::kNone));
    return;
  }
  other.units.push_back(next.unit);
  ranks_.Send(rank, TextOf(RankMessageKind::kUnit,
                           {{"unit", next.unit}, {"run", ToJson(units_.Run(next.unit))}}));
}

void Dispatcher::TakeOver(int rank) {
  Rank& other = others_[rank];
  if (!other.lost) {
    fmt::print(stderr, "rank {} has been silent for {:.0f} s and counts as lost\n", rank,
               options_.silence);
  }
  other.lost = true;
  other.asks = false;
  other.views.clear();
  std::erase_if(other.units, [&](std::size_t unit) {
    const UnitRun run = units_.Run(unit);
    if (IsLocked(run.lock)) return false;  // its worker is still training it
    fmt::print(stderr, "{}: another rank takes this unit over\n", run.folder.string());
    returned_.push_back(unit);
    return true;
  });
}

void Dispatcher::OnTick(const WorkerViews& workers) {
  Serve();
  WorkerViews all = workers;
  for (const auto& [rank, other] : others_) {
    all.insert(all.end(), other.views.begin(), other.views.end());
  }
  units_.OnTick(all);
}

void RunPoolOnRanks(Ranks* ranks, const PoolOptions& options, UnitSource& units,
                    const std::atomic<bool>& stop) {
  if (ranks == nullptr) {
    RunPool(options, units, stop);
    return;
  }
  Dispatcher dispatcher(*ranks, {}, units);
  RunPool(options, dispatcher, stop);
  if (stop) dispatcher.Stop();
  while (!dispatcher.AllGone()) {
    dispatcher.OnTick({});
    std::this_thread::sleep_for(kPause);
  }
  dispatcher.Dismiss();
  ranks->End();
}

void ServeRank(Ranks& ranks, const PoolOptions& options, const std::atomic<bool>& stop) {
  DispatcherClient client(ranks);
  RunPool(options, client, stop);
  client.Leave();
  ranks.End();
}

}  // namespace nabla::experiment
