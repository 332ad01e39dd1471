// CheckpointShelf: the checkpoints of a run as policies, read by a thread of its own, and read anew
// whenever they are replaced. A run folder that is being written, or that is deleted, changes what
// is there, and is no error: what was read stays.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "apps/viewer/playback/policy.h"

namespace nabla::viewer {

class CheckpointShelf {
 public:
  CheckpointShelf(agent::RunPaths run, const agent::TaskConfig& config);
  ~CheckpointShelf();
  CheckpointShelf(const CheckpointShelf&) = delete;
  CheckpointShelf& operator=(const CheckpointShelf&) = delete;

  // "best" and the kept steps that there are now, rising.
  std::vector<std::string> Names() const;

  // The policy of a checkpoint, null until it has been read. It is kept up to date from now on.
  std::shared_ptr<const PolicyCopy> Get(const std::string& name);

 private:
  struct Read {
    std::string folder;
    std::shared_ptr<const PolicyCopy> policy;
  };

  void Run();
  void Look();

  agent::RunPaths run_;
  agent::TaskConfig config_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> names_;
  std::set<std::string> wanted_;
  std::map<std::string, Read> read_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace nabla::viewer
