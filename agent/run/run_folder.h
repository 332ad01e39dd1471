// RunFolder: the folder of one training run, owned by one process at a time.
//
//   runs/<algorithm>/<environment>_<n>/   n counts up from 1, as in RL Baselines3 Zoo
//   runs/latest                           link to the newest run that has started
//
//   config.yaml   progress.csv   monitor.csv   checkpoint/   run.log   meta.json   .lock
//   events.out.tfevents.*   with logging.tensorboard
//
// meta.json: facts about the program and machine (version, commit, compiler, CPU, libraries), and
//   "start", "end"   UTC, ISO 8601; end is null while running
//   "status"         "running", "finished", "interrupted" or "failed", with "reason"
//   "last_step"      and "resumed": [{"time", "step"}, ...]
//
// The owner holds flock(2) on .lock, which ends with the process. Readers (evaluate, viewer) take
// no lock.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "agent/state/file_io.h"

namespace nabla::agent {

// The names of the files in a run folder.
struct RunPaths {
  std::filesystem::path root;

  std::filesystem::path config() const { return root / "config.yaml"; }
  std::filesystem::path progress() const { return root / "progress.csv"; }
  std::filesystem::path monitor() const { return root / "monitor.csv"; }
  std::filesystem::path checkpoint() const { return root / "checkpoint"; }
  std::filesystem::path log() const { return root / "run.log"; }
  std::filesystem::path meta() const { return root / "meta.json"; }
  std::filesystem::path lock() const { return root / ".lock"; }
  std::filesystem::path best() const { return root / "best.json"; }  // see saved_policy.h
  // TensorBoard's file of a session, with logging.tensorboard. Readers require "tfevents" in the
  // name and read the files in the order of their names.
  std::filesystem::path events(int session) const {
    return root / ("events.out.tfevents." + std::to_string(1'000'000 + session));
  }

  // The files that a run begins with, except the lock.
  std::vector<std::filesystem::path> Contents() const {
    return {config(), progress(), monitor(), checkpoint(), log(), meta(), events(0)};
  }
};

// A run folder to read; follows links such as runs/latest. Throws an InputError that names what is
// missing if there is no run.
RunPaths FindRun(const std::filesystem::path& path);

// Throws InputError if meta.json is not as RunFolder writes it.
nlohmann::json ReadMeta(const RunPaths& run);

enum class RunStatus { kRunning, kFinished, kInterrupted, kFailed };
constexpr std::array<const char*, 4> Words(RunStatus) {
  return {"running", "finished", "interrupted", "failed"};
}

class RunFolder {
 public:
  // A new folder <root>/<algorithm>/<environment>_<n>. Start makes <root>/latest point to it.
  static RunFolder Create(const std::filesystem::path& root, const std::string& algorithm,
                          const std::string& environment);

  // A new run in the folder `path`, which may exist. Throws InputError if it contains a run or
  // files of one.
  static RunFolder CreateAt(const std::filesystem::path& path);

  // An existing run, to resume it. Throws InputError if there is no run or if another process uses
  // it.
  static RunFolder Open(const std::filesystem::path& path);

  RunFolder(RunFolder&&) noexcept;
  RunFolder& operator=(RunFolder&&) noexcept;
  ~RunFolder();

  const RunPaths& paths() const { return paths_; }

  // Writes meta.json with the status running, from `step` on. Only then do readers see a run, so
  // everything that a resume needs must be in place. `about` is a JSON object. A resumed run keeps
  // its start and gains an entry in "resumed". Returns a warning, or "": the link to the newest run
  // is a convenience, without which the run goes on.
  std::string Start(const nlohmann::json& about, std::int64_t step);

  // Rewrites meta.json with the step reached. Any status except running ends the run.
  void Update(RunStatus status, std::int64_t last_step, const std::string& reason = "");

  // Deletes the files of a run that failed before Start. Other files in the folder stay.
  void Discard();

 private:
  explicit RunFolder(RunPaths paths);

  RunPaths paths_;
  std::filesystem::path latest_;  // the link that Start moves; empty for none
  bool is_new_ = false;           // the folder did not exist before
  FileDescriptor lock_;
  std::unique_ptr<nlohmann::json> meta_;
};

}  // namespace nabla::agent
