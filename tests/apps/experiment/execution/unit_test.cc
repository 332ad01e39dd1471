// Nothing that a process holds is touched, and nothing that a unit finds in its folder is lost.
#include "apps/experiment/execution/unit.h"

#include <fstream>

#include "agent/run/run_folder.h"
#include "agent/state/file_io.h"
#include "apps/experiment/execution/results.h"
#include "config/config.h"
#include "tests/apps/experiment/fixture.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using test::ContainsText;

// A unit of tiny.yaml.
struct TinyUnit {
  TinyUnit() {
    run.folder = bench / "a/seed_0";
    run.lock = bench / ".locks/a~seed_0";
    run.config = config::ReadFile<agent::TaskConfig>((bench / "tiny.yaml").string());
    run.about = nlohmann::json::object();
  }

  // Trains until `last_step`, at which a checkpoint is written.
  UnitEnd Train(std::int64_t last_step = 1'000'000) {
    std::atomic<bool> stop = false;
    return RunUnit(run, stop, [&](std::int64_t step, std::optional<double>) {
      if (step >= last_step) stop = true;
    });
  }

  std::string NamesBeside() const {
    std::string names;
    for (const std::string& name : agent::ListFolder(bench / "a")) names += name + " ";
    return names;
  }

  Bench bench;
  UnitRun run;
};

TEST_CASE("A unit that another process trains stays as it is") {
  TinyUnit unit;
  CHECK(unit.Train(200).outcome == UnitOutcome::kInterrupted);
  std::ofstream(unit.run.folder / "notes.txt") << "mine";
  const std::string before = Outcome(unit.run.folder);
  {
    const agent::RunFolder other = agent::RunFolder::Open(unit.run.folder);
    CHECK(unit.Train().outcome == UnitOutcome::kElsewhere);
    unit.run.retry_failed = true;
    CHECK(unit.Train().outcome == UnitOutcome::kElsewhere);
  }
  CHECK(Outcome(unit.run.folder) == before);
  CHECK(unit.NamesBeside() == "seed_0 ");
  CHECK(unit.Train().outcome == UnitOutcome::kFinished);
  CHECK(agent::ReadFile(unit.run.folder / "notes.txt") == "mine");
}

TEST_CASE("A unit with a damaged checkpoint starts again beside its old files") {
  TinyUnit unit;
  CHECK(unit.Train().outcome == UnitOutcome::kFinished);
  const std::string whole = Outcome(unit.run.folder);
  fs::remove_all(unit.run.folder);
  CHECK(unit.Train(200).outcome == UnitOutcome::kInterrupted);
  std::ofstream(unit.run.folder / "notes.txt") << "mine";
  const fs::path state = agent::RunPaths{unit.run.folder}.checkpoint() / "latest/state.json";
  fs::resize_file(state, fs::file_size(state) / 2);
  const UnitEnd end = unit.Train();
  CHECK(end.outcome == UnitOutcome::kFinished);
  CHECK_THAT(end.note, ContainsText("restarted: ") && ContainsText("seed_0.old_1"));
  CHECK(Outcome(unit.run.folder) == whole);
  CHECK(unit.NamesBeside() == "seed_0 seed_0.old_1 ");
  CHECK(unit.bench.Read("a/seed_0.old_1/notes.txt") == "mine");
}

TEST_CASE("A task that cannot be trained here does not make its run damaged") {
  TinyUnit unit;
  CHECK(unit.Train(200).outcome == UnitOutcome::kInterrupted);
  const std::string before = Outcome(unit.run.folder);
  unit.run.config.environment.observation_mask = {1};  // of three observations
  const UnitEnd end = unit.Train();
  CHECK(end.outcome == UnitOutcome::kInterrupted);
  CHECK_THAT(end.reason, ContainsText("observation_mask"));
  CHECK(Outcome(unit.run.folder) == before);
  CHECK(unit.NamesBeside() == "seed_0 ");
}

TEST_CASE("Files in the folder of a unit that has no run yet stay") {
  TinyUnit unit;
  fs::create_directories(unit.run.folder);
  std::ofstream(unit.run.folder / "notes.txt") << "mine";
  CHECK(unit.Train().outcome == UnitOutcome::kFinished);
  CHECK(agent::ReadFile(unit.run.folder / "notes.txt") == "mine");
  CHECK(unit.NamesBeside() == "seed_0 ");
}

TEST_CASE("Reading and training agree that a run with an unreadable config is damaged") {
  TinyUnit unit;
  CHECK(unit.Train().outcome == UnitOutcome::kFinished);
  const agent::RunPaths run{unit.run.folder};
  std::ofstream(run.config(), std::ios::app) << "key_of_a_newer_version: 1\n";
  CHECK(ReadUnit(unit.run.folder).state == UnitState::kDamaged);
  CHECK_THAT(unit.Train().note, ContainsText("key_of_a_newer_version"));
  CHECK(ReadUnit(unit.run.folder).state == UnitState::kFinished);
  CHECK(unit.Train().note.empty());
  CHECK(unit.NamesBeside() == "seed_0 seed_0.old_1 ");
}

TEST_CASE("A return beyond any range makes a run failed, which is not run again") {
  TinyUnit unit;
  CHECK(unit.Train().outcome == UnitOutcome::kFinished);
  const agent::RunPaths run{unit.run.folder};
  std::string text = agent::ReadFile(run.progress());
  const std::string header = text.substr(0, text.find('\n'));
  REQUIRE(header.starts_with("step,episodes,updates,seconds,return_mean,"));
  std::size_t begin = text.find('\n', header.size() + 1) + 1;  // of the second row
  for (int comma = 0; comma < 4; ++comma) begin = text.find(',', begin) + 1;
  text.replace(begin, text.find(',', begin) - begin, "-1e308");
  agent::WriteFileAtomically(run.progress(), text);
  const UnitResult result = ReadUnit(unit.run.folder);
  CHECK(result.state == UnitState::kFailed);
  CHECK_THAT(result.reason, ContainsText("-1e+308 at step 300"));
  CHECK(result.returns.size() == 1);
  CHECK(unit.Train().outcome == UnitOutcome::kFailed);
  CHECK(unit.NamesBeside() == "seed_0 ");
}

TEST_CASE("A step beyond any range ends the rows of an unfinished run") {
  TinyUnit unit;
  CHECK(unit.Train().outcome == UnitOutcome::kFinished);
  const agent::RunPaths run{unit.run.folder};
  std::string meta = agent::ReadFile(run.meta()), progress = agent::ReadFile(run.progress());
  meta.replace(meta.find("\"finished\""), 10, "\"interrupted\"");
  const std::size_t begin = progress.find('\n', progress.find('\n') + 1) + 1;  // of the second row
  progress.replace(begin, progress.find(',', begin) - begin, "1e300");
  agent::WriteFileAtomically(run.meta(), meta);
  agent::WriteFileAtomically(run.progress(), progress);
  const UnitResult result = ReadUnit(unit.run.folder);
  CHECK(result.state == UnitState::kPartial);
  CHECK(result.steps.size() == 1);
}

}  // namespace
}  // namespace nabla::experiment
