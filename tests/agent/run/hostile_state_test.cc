// States that no run writes, with checksums that fit: every one is refused before a file changes.
#include <cstring>
#include <limits>

#include "agent/run/saved_policy.h"
#include "tests/agent/run/run_fixture.h"
#include "tests/support/catch.h"

namespace nabla::agent {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test::IsLineWith;
using test_run::ChangeState;
using test_run::Run;

constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();

// A finished run with everything that a state can hold.
Run& FinishedRun() {
  static Run run;
  static bool is_made = false;
  if (is_made) return run;
  is_made = true;
  run.task.trainer.normalize_observations = true;
  run.task.trainer.priority.alpha = 0.5;
  run.task.trainer.envs = 2;
  run.task.environment.observation_noise = {0.1};
  std::get<Td3Config>(run.task.agent.algorithm).exploration.process = OrnsteinUhlenbeckNoise();
  REQUIRE(run.Begin().outcome == SessionEnd::Outcome::kFinished);
  return run;
}

// The message of the refusal to resume to 300 steps, "" if it was not refused. The files are as
// before.
std::string Refusal(Run& run) {
  const auto files = [&] {
    std::string text;
    for (const auto& entry : fs::recursive_directory_iterator(run.paths.root)) {
      if (!entry.is_regular_file() || entry.path() == run.paths.lock()) continue;
      text += entry.path().string() + "\n" + ReadFile(entry.path());
    }
    return text;
  };
  const std::string before = files();
  run.task.trainer.steps = 300;
  std::string message;
  try {
    run.Resume();
  } catch (const std::invalid_argument& error) {
    message = error.what();
  }
  if (!message.empty()) CHECK(files() == before);
  return message;
}

// A copy of the finished run.
struct Copy : Run {
  Copy() {
    fs::copy(FinishedRun().paths.root, paths.root,
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    task = FinishedRun().task;
  }
};

TEST_CASE("A restored number that is out of range is refused") {
  Copy untouched;
  CHECK(Refusal(untouched).empty());
  const std::string nan = "0x7ff8000000000000", infinity = "0x7ff0000000000000";
  const std::pair<const char*, std::vector<Json>> cases[] = {
      {"trainer.step", {-1, kHuge, 2}},
      {"trainer.episodes", {-1, kHuge, 251}},
      {"trainer.updates", {-1, kHuge}},
      {"updates", {-1, kHuge}},
      {"trainer.updates_owed", {-1.0, 1e300, nan, infinity}},
      {"trainer.evaluated_step", {-1, kHuge, 251}},
      {"trainer.exploration", {Json::array({0, 0, 0, 0}), Json::array({1, 2, 3}), "x", Json()}},
      {"trainer.metrics.critic_loss.sum", {nan, infinity}},
      {"trainer.metrics.critic_loss.count", {-1, kHuge}},
      {"trainer.lanes.0.length", {-1, kHuge}},
      {"trainer.lanes.0.state", {Json::array({nan, 0.0}), Json::array(), Json::array({1.0})}},
      {"trainer.lanes.1.memory", {Json::array(), Json::array({1, 2})}},
      {"replay.size", {-1, 0, 249, kHuge}},
      {"replay.0.head", {-1, 0, 3, 200, kHuge}},
      {"replay.0.filled", {-1, 0, 3, 201, kHuge}},
      {"replay.largest_priority", {-1.0, nan, infinity}},
      {"replay.draws", {-1, kHuge}},
      {"observation_normalizer.count", {-1, kHuge}},
      {"actor.adam.step", {-1, kHuge}},
      {"critics.0.adam.step", {-1, kHuge}},
      {"recorder.best_return", {nan}},
  };
  for (const auto& [name, values] : cases) {
    for (const Json& value : values) {
      INFO(name << " = " << value);
      Copy run;
      ChangeState(run.paths, "state", name, value);
      const std::string message = Refusal(run);
      CHECK(message != "");
      CHECK(IsLineWith(message));
    }
  }
  const std::pair<const char*, std::vector<Json>> clock_cases[] = {
      {"trainer.seconds", {-1.0, nan, 1e300}},
      {"recorder.progress_bytes", {0, 1, 1000000, ~std::uint64_t{0}}},
      {"recorder.monitor_bytes", {0, 1, 1000000, ~std::uint64_t{0}}},
  };
  for (const auto& [name, values] : clock_cases) {
    for (const Json& value : values) {
      INFO(name << " = " << value);
      Copy run;
      ChangeState(run.paths, "wall_clock", name, value);
      CHECK(IsLineWith(Refusal(run)));
      CHECK(Refusal(run) != "");
    }
  }
}

// Overwrites a number of a tensor of the latest checkpoint, with checksums that fit.
void ChangeTensor(const RunPaths& run, const char* file, const std::string& name, std::size_t index,
                  double value) {
  const fs::path folder = run.checkpoint() / "latest";
  const SafetensorsFile tensors(InputFile(folder / file));
  const SafetensorsFile::Entry entry = tensors.entries().at(name);
  std::string content = ReadFile(folder / file);
  if (entry.type.dtype == DType::kF64) {
    std::memcpy(content.data() + entry.begin + index * sizeof(value), &value, sizeof(value));
  } else {
    const auto single = static_cast<float>(value);
    std::memcpy(content.data() + entry.begin + index * sizeof(single), &single, sizeof(single));
  }
  WriteFileAtomically(folder / file, content);
  Json document = Json::parse(ReadFile(folder / "state.json"));
  document["files"][file]["xxh64"] = ToHex(InputFile(folder / file).Measure().checksum);
  document["xxh64"] = ChecksumOf(document);
  WriteFileAtomically(folder / "state.json", document.dump());
}

TEST_CASE("Restored priorities whose sum overflows are refused") {
  Copy run;
  for (const std::size_t column : {0, 1}) {
    ChangeTensor(run.paths, "replay.safetensors", "replay.priorities", column, 1.5e308);
  }
  CHECK(IsLineWith(Refusal(run), "replay.priorities"));
}

TEST_CASE("A restored tensor that breaks a rule is refused") {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  struct {
    const char* file;
    const char* name;
    std::size_t index;
    double value;
  } const cases[] = {
      {"networks.safetensors", "actor.layers.0.weight", 3, kNaN},
      {"networks.safetensors", "observation_normalizer.squares", 0, -1},
      {"optimizer.safetensors", "actor.adam.v", 0, -1},
      {"optimizer.safetensors", "critics.0.adam.m", 0, kNaN},
      {"replay.safetensors", "replay.0.columns", 5, 0.5},  // the flag of column 0
      {"replay.safetensors", "replay.0.columns", 5, -1},
      {"replay.safetensors", "replay.0.columns", 0, kNaN},
      {"replay.safetensors", "replay.priorities", 0, 0},
      {"replay.safetensors", "replay.priorities", 0, kNaN},
      {"replay.safetensors", "trainer.lanes.observations", 0, kNaN},
  };
  for (const auto& c : cases) {
    INFO(c.name << "[" << c.index << "] = " << c.value);
    Copy run;
    ChangeTensor(run.paths, c.file, c.name, c.index, c.value);
    const std::string message = Refusal(run);
    CHECK(IsLineWith(message));
    CHECK(message != "");
  }
  Copy run;
  ChangeTensor(run.paths, "networks.safetensors", "actor.layers.0.weight", 0, kNaN);
  CHECK(IsLineWith(test::MessageOf<InputError>([&] { LoadPolicy(run.paths, run.task, "latest"); }),
                   "actor.layers.0.weight", "not finite"));
}

TEST_CASE("A meta.json or best.json that the program did not write is refused") {
  for (const Json& change :
       {Json{{"status", 3}}, Json{{"status", "asleep"}}, Json{{"last_step", -1}},
        Json{{"last_step", "x"}}, Json{{"resumed", 1}}, Json{{"start", Json::array()}}}) {
    Copy run;
    Json meta = run.Meta();
    meta.update(change);
    WriteFileAtomically(run.paths.meta(), meta.dump());
    INFO(change);
    CHECK(IsLineWith(Refusal(run), "meta.json", "damaged"));
  }
  Copy run;
  for (const char* text : {"", "3", "{}", "[1]", R"({"step": 1, "episodes": 0, "return_mean": 1})",
                           R"({"step": -1, "episodes": 1, "return_mean": 1})",
                           R"({"step": 1, "episodes": 1, "return_mean": null})",
                           R"({"step": 1e300, "episodes": 1, "return_mean": 1})"}) {
    INFO(text);
    WriteFileAtomically(run.paths.best(), text);
    CHECK(IsLineWith(test::MessageOf<InputError>([&] { ReadBestReplay(run.paths); }), "best.json",
                     "damaged"));
  }
}

}  // namespace
}  // namespace nabla::agent
