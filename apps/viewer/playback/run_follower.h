// RunFollower: a run folder as a source: one that is finished, or one that another process is
// training right now. A thread of its own reads again what has changed, twice a second; when files
// are replaced or the folder is deleted, what was known stays.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "apps/viewer/playback/training.h"

namespace nabla::viewer {

class RunFollower : public Source {
 public:
  // Throws InputError or config::Error if there is no run, or none that can be shown.
  // `checkpoint`: whose policy is played: "latest", "best" or a step.
  RunFollower(const std::filesystem::path& path, const std::string& checkpoint);
  ~RunFollower() override;

  const agent::TaskConfig& config() const override { return config_; }
  agent::RunPaths paths() const override { return paths_; }
  const Training& Poll() override;

 private:
  // What a file was when it was read last.
  struct Stamp {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;
    bool operator==(const Stamp&) const = default;
  };

  void Run();
  // Reads what has changed into `training`.
  void Look(Training& training);
  void ReadCurves(Training& training);
  void ReadPolicy(Training& training);
  static bool HasChanged(const std::filesystem::path& file, Stamp& stamp);

  agent::RunPaths paths_;
  agent::TaskConfig config_;
  std::string checkpoint_;

  // The reading thread's.
  Stamp progress_, monitor_;
  std::string checkpoint_folder_;

  std::mutex mutex_;
  std::condition_variable ended_;
  Training newest_;
  bool ends_ = false;
  std::thread thread_;

  Training shown_;  // the drawing thread's
};

}  // namespace nabla::viewer
