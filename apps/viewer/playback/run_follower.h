// RunFollower: the source that reads a run folder, of a finished run or of one that another process
// is training. A thread reads changed files twice per second. If files are replaced or the folder
// is deleted, the last known data stays.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "apps/viewer/playback/training_source.h"

namespace nabla::viewer {

class RunFollower : public TrainingSource {
 public:
  // `checkpoint`: the policy to play: "latest", "best" or a step. Throws InputError or
  // config::Error if there is no run or it cannot be read.
  RunFollower(const std::filesystem::path& path, const std::string& checkpoint)
      : RunFollower(agent::FindRun(path), checkpoint) {}

  const TrainingSnapshot& Poll() override;

 private:
  // Identifies the content of a file when it was last read.
  struct Stamp {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;
    bool operator==(const Stamp&) const = default;
  };

  RunFollower(const agent::RunPaths& run, const std::string& checkpoint);

  void Run(const std::stop_token& stop);
  // Reads what has changed into `training`.
  void Read(TrainingSnapshot& training);
  void ReadCurves(TrainingSnapshot& training);
  void ReadPolicy(TrainingSnapshot& training);
  static bool HasChanged(const std::filesystem::path& file, Stamp& stamp);

  std::string checkpoint_;

  // Used by the reading thread only.
  Stamp progress_, monitor_;
  std::string checkpoint_folder_;

  TrainingSnapshot shown_;  // used by the drawing thread only

  std::mutex mutex_;
  TrainingSnapshot newest_;
  std::jthread thread_;  // destroyed first
};

}  // namespace nabla::viewer
