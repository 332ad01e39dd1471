// A small run in its own folder, for tests of sessions.
#pragma once

#include <atomic>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <utility>

#include "agent/run/session.h"
#include "agent/state/state_files.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent::test_run {

inline TaskConfig SmallTask() {
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

// A run in its own folder.
struct Run {
  SessionHooks Hooks() {
    SessionHooks hooks;
    hooks.about = {{"version", "test"}};
    hooks.config_text = [](const TaskConfig&) { return "seed: 0\n"; };
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

  // The lines of run.log without "[<time>] [nabla] [<level>] ".
  std::string Log() const {
    return std::regex_replace(
        ReadFile(paths.log()),
        std::regex(R"(\[[-0-9]{10} [0-9:.]{12}\] \[nabla\] \[(info|error)\] )"), "");
  }

  test::TempFolder folder;
  RunPaths paths{folder / "run"};
  TaskConfig task = SmallTask();
  std::atomic<bool> stop = false;
};

// Changes the value `name` of a section of the latest checkpoint, with a checksum that fits.
inline void ChangeState(const RunPaths& run, const char* section, const std::string& name,
                        const nlohmann::json& value) {
  const auto path = run.checkpoint() / "latest" / "state.json";
  nlohmann::json document = nlohmann::json::parse(ReadFile(path));
  document.at(section).at(name) = value;
  document["xxh64"] = ChecksumOf(document);
  WriteFileAtomically(path, document.dump());
}

}  // namespace nabla::agent::test_run
