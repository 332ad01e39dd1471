// Every way in which a session can end, and what each leaves on disk.
#include "agent/run/session.h"

#include <atomic>
#include <cmath>
#include <functional>
#include <new>
#include <utility>

#include "agent/run/best.h"
#include "agent/run/progress.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

namespace fs = std::filesystem;
using Outcome = SessionEnd::Outcome;
using test::ContainsText;
using test::TempFolder;

TaskConfig SmallTask() {
  TaskConfig task;
  Td3Config td3;
  td3.actor.hidden = td3.critic.hidden = {8};
  td3.batch_size = 8;
  task.agent.algorithm = td3;
  task.environment.name = "Pendulum-v1";
  task.trainer = {.steps = 250, .warmup_steps = 40, .buffer_size = 400};
  task.evaluation = {.every = 100, .episodes = 1};
  task.checkpoint.every = 60;
  return task;
}

// Calls `action` after step `at`.
class AtStep : public Observer {
 public:
  AtStep(std::int64_t at, std::function<void()> action) : at_(at), action_(std::move(action)) {}
  void OnStep(std::int64_t step) override {
    if (step == at_) action_();
  }

 private:
  std::int64_t at_;
  std::function<void()> action_;
};

// A run in its own folder, with a log in memory.
struct Run {
  SessionHooks Hooks() {
    SessionHooks hooks;
    hooks.about = {{"version", "test"}};
    hooks.config_text = [](const TaskConfig&) { return "seed: 0\n"; };
    hooks.open_log = [this](const RunPaths&) {
      return [this](LogLevel, const std::string& line) { log += line + "\n"; };
    };
    hooks.stop_reason = [] { return "a reason"; };
    return hooks;
  }

  SessionEnd Begin(SessionOptions options = {}, Observer* observer = nullptr) {
    Session session(task, options, Hooks());
    if (observer != nullptr) session.AddObserver(*observer);
    return session.Begin(RunFolder::CreateAt(paths.root), stop);
  }
  SessionEnd Resume() {
    Session session(task, {}, Hooks());
    return session.Resume(RunFolder::Open(paths.root), stop);
  }

  nlohmann::json Meta() const { return ReadMeta(paths); }
  std::string Digest() const {
    return CheckpointStore(paths.checkpoint(), CheckpointStore::Access::kRead)
        .Open("latest")
        .Digest();
  }

  TempFolder folder;
  RunPaths paths{folder / "run"};
  TaskConfig task = SmallTask();
  std::atomic<bool> stop = false;
  std::string log;
};

TEST_CASE("A session that finishes evaluates and reports the last networks") {
  Run run;
  const SessionEnd end = run.Begin({.replay_best = true});
  CHECK(end.outcome == Outcome::kFinished);
  CHECK(end.reason == "");
  CHECK(end.step == 250);
  CHECK(end.checkpoint_step == 250);
  CHECK(run.Meta()["status"] == "finished");
  CHECK(run.Meta()["version"] == "test");
  CHECK(ReadFile(run.paths.config()) == "seed: 0\n");
  const Progress progress = ReadProgress(run.paths.progress(), CsvReader::Mode::kStrict);
  REQUIRE(progress.rows.size() == 3);
  CHECK(progress.rows.back().step == 250);
  CHECK(progress.rows.back().return_mean == end.last_return);
  const auto best = ReadBestReplay(run.paths);
  REQUIRE(best);
  CHECK((best->step == 100 || best->step == 200));
  CHECK_THAT(run.log, ContainsText("TD3 on Pendulum-v1 from step 0 to 250\nstep 100: return ") &&
                          ContainsText(" over 1 episode\n") &&
                          ContainsText("\nfinished at step 250\n"));
}

TEST_CASE("A session that is stopped can be resumed to the same bits") {
  Run whole;
  REQUIRE(whole.Begin().outcome == Outcome::kFinished);
  Run run;
  AtStep stop(130, [&] { run.stop = true; });
  const SessionEnd end = run.Begin({}, &stop);
  CHECK(end.outcome == Outcome::kInterrupted);
  CHECK(end.reason == "a reason");
  CHECK(end.step == 130);
  CHECK(end.checkpoint_step == 130);
  CHECK(run.Meta()["status"] == "interrupted");
  CHECK(run.Meta()["reason"] == "a reason");
  CHECK_THAT(run.log, ContainsText("interrupted at step 130\n"));
  run.stop = false;
  CHECK(run.Resume().outcome == Outcome::kFinished);
  CHECK(run.Meta()["resumed"][0]["step"] == 130);
  CHECK(run.Digest() == whole.Digest());
  CHECK(!fs::exists(run.paths.best()));
}

TEST_CASE("An error during the training is an outcome with its reason") {
  const auto end_of = [](Run& run, const SessionOptions& options, std::function<void()> fail) {
    AtStep failure(130, std::move(fail));
    return run.Begin(options, &failure);
  };
  struct {
    std::function<void()> fail;
    Outcome outcome;
    std::string reason;
  } const cases[] = {
      {[] { throw Divergence("diverged"); }, Outcome::kDiverged, "diverged"},
      {[] { throw std::invalid_argument("no such thing"); }, Outcome::kInvalid, "no such thing"},
      {[] { throw std::runtime_error("disk full"); }, Outcome::kFailed, "disk full"},
      {[] { throw std::bad_alloc(); }, Outcome::kFailed, "out of memory"},
  };
  for (const auto& c : cases) {
    INFO(c.reason);
    for (const RunStatus status : {RunStatus::kFailed, RunStatus::kInterrupted}) {
      Run run;
      const SessionEnd end = end_of(run, {.status_of_failure = status}, c.fail);
      CHECK(end.outcome == c.outcome);
      CHECK(end.reason == c.reason);
      CHECK(end.step == 130);
      CHECK(end.checkpoint_step == 120);
      const bool may_go_on = c.outcome == Outcome::kFailed && status == RunStatus::kInterrupted;
      CHECK(run.Meta()["status"] == (may_go_on ? "interrupted" : "failed"));
      CHECK(run.Meta()["reason"] == c.reason);
      CHECK_THAT(run.log, ContainsText("\n" + c.reason + "\n"));
    }
  }
}

TEST_CASE("A run that cannot start leaves no folder, or one with the reason") {
  for (const bool keep : {false, true}) {
    Run run;
    run.task.environment.observation_mask = {1};  // Pendulum has three observations
    const auto begin = [&] { return run.Begin({.keep_failed_start = keep}); };
    if (!keep) {
      CHECK_THROWS_AS(begin(), std::invalid_argument);
      CHECK(!fs::exists(run.paths.root));
      continue;
    }
    const SessionEnd end = begin();
    CHECK(end.outcome == Outcome::kInvalid);
    CHECK(end.step == 0);
    CHECK(end.checkpoint_step == -1);
    CHECK(run.Meta()["status"] == "failed");
    CHECK(run.Meta()["reason"] == end.reason);
  }
}

TEST_CASE("A session writes a checkpoint when it is asked to") {
  Run run;
  run.task.checkpoint.every = 0;
  SessionHooks hooks = run.Hooks();
  bool is_requested = false;
  hooks.take_checkpoint_request = [&] { return std::exchange(is_requested, false); };
  Session session(run.task, {}, std::move(hooks));
  AtStep request(70, [&] { is_requested = true; });
  session.AddObserver(request);
  CHECK(session.Begin(RunFolder::CreateAt(run.paths.root), run.stop).step == 250);
  CHECK_THAT(run.log, ContainsText("checkpoint at step 71 on request\n"));
}

TEST_CASE("progress.csv is read as it was written") {
  const TempFolder folder;
  const std::vector<Metric> metrics = {{"loss", 6, 4}, {"q", 1, 2}};
  EvaluationRecord record;
  record.step = 300;
  record.seconds = 1.5;
  record.result = {.returns = {1, 2, 6}, .lengths = {10, 20, 30}};
  record.metrics = &metrics;
  CsvWriter writer = CsvWriter::Create(folder / "progress.csv", ProgressColumns(metrics));
  writer.Row(ProgressValues(RowOf(record)));
  const Progress progress = ReadProgress(folder / "progress.csv", CsvReader::Mode::kStrict);
  CHECK(progress.metrics == std::vector<std::string>{"loss", "q"});
  REQUIRE(progress.rows.size() == 1);
  CHECK(ProgressValues(progress.rows[0]) == ProgressValues(RowOf(record)));
  CHECK(progress.rows[0].return_mean == 3);
  CHECK(progress.rows[0].metrics == std::vector<double>{1.5, 0.5});

  WriteFileAtomically(folder / "a.csv", "step,seconds,return_mean\n2,1,1\n2,1,1\n");
  CHECK(test::MessageOf<InputError>([&] {
          ReadProgress(folder / "a.csv", CsvReader::Mode::kStrict);
        }) == "a.csv:3: this row is not after the row before");
  const Progress lenient = ReadProgress(folder / "a.csv", CsvReader::Mode::kLenient);
  CHECK(lenient.rows.size() == 2);
  CHECK(std::isnan(lenient.rows[0].return_std));
}

}  // namespace
}  // namespace nabla::agent
