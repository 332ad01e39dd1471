// CheckpointList: the policies of a run's checkpoints. A thread reads them, and reads them again
// when they are replaced. A run folder may be written to or deleted meanwhile: what was read stays.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "apps/viewer/playback/policy_replica.h"

namespace nabla::viewer {

class CheckpointList {
 public:
  CheckpointList(agent::RunPaths run, const agent::TaskConfig& config);

  // "best" and the kept steps that exist now, ascending.
  std::vector<std::string> Names() const;

  // The policy of a checkpoint, null until it has been read. Keeps it up to date from now on.
  std::shared_ptr<const agent::SavedPolicy> Get(const std::string& name);

 private:
  struct Read {
    std::string folder;
    std::shared_ptr<const agent::SavedPolicy> policy;
  };

  void Run(const std::stop_token& stop);
  void ReadCheckpoints();

  agent::RunPaths run_;
  agent::TaskConfig config_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::string> names_;
  std::set<std::string> wanted_;
  std::map<std::string, Read> read_;
  std::jthread thread_;  // destroyed first
};

}  // namespace nabla::viewer
