// Session: one process's share of a training run, from the folder it owns to the exit code.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/learning/workers.h"
#include "agent/run/recorder.h"
#include "agent/run/run_folder.h"

namespace nabla::apps {

class Console;

struct SessionOptions {
  int threads = 1;
  bool quiet = false;  // nothing but errors
  bool json = false;   // one JSON object on stdout at the end, all else on stderr
};

// The folder of a new run: `run_dir`, or the next runs/<algorithm>/<environment>_<n>.
agent::RunFolder NewRunFolder(const agent::TaskConfig& config,
                              const std::optional<std::string>& run_dir);

class Session {
 public:
  // Builds everything that the task describes. Throws what is wrong with it, as config::Error or
  // std::invalid_argument, before a file is touched.
  Session(agent::TaskConfig config, const SessionOptions& options);
  ~Session();

  // Trains in a folder that is new, or goes on from its latest checkpoint. Returns the exit code:
  // 0 (also if RequestStop did), or 128 + n if signal n stopped it. Throws InputError if the
  // checkpoint cannot be resumed (nothing has changed then), and std::runtime_error for what goes
  // wrong while running.
  int Begin(agent::RunFolder folder);
  int Resume(agent::RunFolder folder);

  // For somebody else who watches: an observer for the whole session, called after its own.
  void AddObserver(agent::Observer& observer) { watchers_.push_back(&observer); }
  agent::Trainer& trainer() { return trainer_; }

 private:
  void StartFolder();
  void OpenTensorBoard();
  int RunAndReport();
  int Train();
  void Advance();
  int Interrupted();
  void Report() const;
  [[noreturn]] void Fail(const std::exception& error);
  // The shell command that goes on with this run.
  std::string ResumeCommand() const;
  std::string root() const { return folder_->paths().root.string(); }
  std::FILE* out() const;

  agent::TaskConfig config_;
  SessionOptions options_;
  agent::Workers workers_;
  agent::Trainer trainer_;
  std::optional<agent::RunFolder> folder_;
  std::unique_ptr<agent::Recorder> recorder_;
  std::unique_ptr<agent::Observer> tensorboard_;  // null unless asked for
  std::unique_ptr<Console> console_;
  std::vector<agent::Observer*> watchers_;
};

}  // namespace nabla::apps
