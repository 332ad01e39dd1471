// Every way in which a session can end, and what each leaves on disk.
#include "agent/run/session.h"

#include <atomic>
#include <cerrno>
#include <cmath>
#include <functional>
#include <new>
#include <utility>

#include "agent/run/progress.h"
#include "agent/run/saved_policy.h"
#include "tests/agent/run/run_fixture.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

namespace fs = std::filesystem;
using Outcome = SessionEnd::Outcome;
using test::ContainsText;
using test::TempFolder;
using test_run::AtStep;
using test_run::Run;

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
  CHECK_THAT(run.Log(), ContainsText("TD3 on Pendulum-v1 from step 0 to 250\nstep 100: return ") &&
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
  CHECK_THAT(run.Log(), ContainsText("interrupted at step 130\n"));
  run.stop = false;
  CHECK(run.Resume().outcome == Outcome::kFinished);
  CHECK(run.Meta()["resumed"][0]["step"] == 130);
  CHECK(run.Digest() == whole.Digest());
  CHECK(!fs::exists(run.paths.best()));
}

// Calls `action` at the end of the training episode at step `at`: after the step of the
// environment, before the updates and the evaluation that belong to it.
class AtEpisode : public Observer {
 public:
  AtEpisode(std::int64_t at, std::function<void()> action) : at_(at), action_(std::move(action)) {}
  void OnEpisode(const EpisodeRecord& record) override {
    if (record.step == at_) action_();
  }

 private:
  std::int64_t at_;
  std::function<void()> action_;
};

TEST_CASE("A stop before the updates or the evaluation of a step resumes to the same bits") {
  for (const std::int64_t warmup : {std::int64_t{40}, std::int64_t{300}}) {
    for (const std::int64_t steps : {std::int64_t{200}, std::int64_t{350}}) {
      INFO("warm-up " << warmup << ", " << steps << " steps");
      Run whole, run;
      for (Run* each : {&whole, &run}) {
        each->task.trainer.steps = steps;
        each->task.trainer.warmup_steps = warmup;
        each->task.trainer.updates_per_step = 3;
        each->task.checkpoint.keep_every = 100;
      }
      REQUIRE(whole.Begin().outcome == Outcome::kFinished);
      AtEpisode stop(200, [&] { run.stop = true; });
      const SessionEnd end = run.Begin({}, &stop);
      CHECK(end.outcome == Outcome::kInterrupted);
      CHECK(end.checkpoint_step == 200);
      CHECK(ReadProgress(run.paths.progress(), CsvReader::Mode::kStrict).rows.size() == 1);
      run.stop = false;
      REQUIRE(run.Resume().outcome == Outcome::kFinished);
      CHECK(run.Digest() == whole.Digest());
      for (const std::int64_t step : {100, 200}) {
        CHECK(fs::exists(run.paths.checkpoint() / ("kept_" + std::to_string(step))));
      }
      const Progress expected = ReadProgress(whole.paths.progress(), CsvReader::Mode::kStrict);
      const Progress found = ReadProgress(run.paths.progress(), CsvReader::Mode::kStrict);
      REQUIRE(found.rows.size() == expected.rows.size());
      for (std::size_t i = 0; i < found.rows.size(); ++i) {
        ProgressRow row = found.rows[i];
        row.seconds = expected.rows[i].seconds;
        CHECK(ProgressValues(row) == ProgressValues(expected.rows[i]));
      }
    }
  }
}

TEST_CASE("A stop during the last evaluation or the replay leaves a run to be resumed") {
  Run run;
  run.task.trainer.steps = 250;
  AtStep stop(250, [&] { run.stop = true; });
  CHECK(run.Begin({.replay_best = true}, &stop).outcome == Outcome::kInterrupted);
  CHECK(run.Meta()["status"] == "interrupted");
  CHECK(!fs::exists(run.paths.best()));
  std::atomic<bool> already = true;
  Run other;
  REQUIRE(other.Begin().outcome == Outcome::kFinished);
  CHECK(!ReplayBest(other.paths, other.task, already));
  CHECK(!fs::exists(other.paths.best()));
  run.stop = false;
  CHECK(run.Resume().outcome == Outcome::kFinished);
  CHECK(ReadProgress(run.paths.progress(), CsvReader::Mode::kStrict).rows.back().step == 250);
}

TEST_CASE("Files of a run that are deleted while it trains are written again") {
  Run whole, run;
  REQUIRE(whole.Begin().outcome == Outcome::kFinished);
  AtStep remove(130, [&] {
    for (const auto& path : {run.paths.progress(), run.paths.monitor(), run.paths.config()}) {
      REQUIRE(fs::remove(path));
    }
  });
  REQUIRE(run.Begin({}, &remove).outcome == Outcome::kFinished);
  CHECK(ReadProgress(run.paths.progress(), CsvReader::Mode::kStrict).rows.size() == 3);
  CHECK(ReadFile(run.paths.config()) == ReadFile(whole.paths.config()));
  run.task.trainer.steps = whole.task.trainer.steps = 400;
  CHECK(run.Resume().outcome == Outcome::kFinished);
  CHECK(whole.Resume().outcome == Outcome::kFinished);
  CHECK(run.Digest() == whole.Digest());
}

TEST_CASE("A file of a run that is replaced by another one is not overwritten") {
  Run run;
  AtStep replace(130, [&] { WriteFileAtomically(run.paths.progress(), "notes"); });
  const SessionEnd end = run.Begin({}, &replace);
  CHECK(end.outcome == Outcome::kInvalid);
  CHECK_THAT(end.reason, ContainsText("progress.csv was replaced"));
  CHECK(ReadFile(run.paths.progress()) == "notes");
}

TEST_CASE("A resume that is refused changes no file") {
  Run run;
  REQUIRE(run.Begin().outcome == Outcome::kFinished);
  for (const auto& path : {run.paths.progress(), run.paths.monitor()}) {
    WriteFileAtomically(path, ReadFile(path) + "1,2,3\n");
  }
  const std::string progress = ReadFile(run.paths.progress());
  WriteFileAtomically(run.paths.monitor(), "r,l,time\n" + ReadFile(run.paths.monitor()));
  const std::string monitor = ReadFile(run.paths.monitor()), meta = ReadFile(run.paths.meta());
  run.task.trainer.steps = 300;
  CHECK_THROWS_AS(run.Resume(), InputError);
  CHECK(ReadFile(run.paths.progress()) == progress);
  CHECK(ReadFile(run.paths.monitor()) == monitor);
  CHECK(ReadFile(run.paths.meta()) == meta);
}

TEST_CASE("An error while a run is resumed is recorded") {
  const std::pair<std::function<void()>, std::string> cases[] = {
      {[] { throw std::bad_alloc(); }, "out of memory"},
      {[] { throw IoError("read", "replay.safetensors", EIO); }, "cannot read replay.safetensors"},
  };
  for (const auto& [fail, reason] : cases) {
    Run run;
    REQUIRE(run.Begin().outcome == Outcome::kFinished);
    run.task.trainer.steps = 300;
    SessionHooks hooks = run.Hooks();
    hooks.observers = {[fail = fail](const Trainer&, const RunPaths&) {
      fail();
      return nullptr;
    }};
    const SessionEnd end =
        Session(run.task, {}, std::move(hooks)).Resume(RunFolder::Open(run.paths.root), run.stop);
    CHECK(end.outcome == Outcome::kFailed);
    CHECK(run.Meta()["status"] == "failed");
    CHECK_THAT(run.Meta()["reason"].get<std::string>(), ContainsText(reason));
    CHECK(run.Resume().outcome == Outcome::kFinished);
  }
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
      CHECK_THAT(run.Log(), ContainsText("\n" + c.reason + "\n"));
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
  CHECK_THAT(run.Log(), ContainsText("checkpoint at step 71 on request\n"));
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
