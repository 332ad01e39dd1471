// ConsoleSession: a Session as the commands run it, with progress on the console, a closing message
// and an exit code.
#pragma once

#include <optional>
#include <string>

#include "agent/run/session.h"

namespace nabla::apps {

struct ConsoleOptions {
  int threads = 1;
  bool quiet = false;  // print only errors
  bool json = false;   // one JSON object on stdout at the end, everything else on stderr
};

// The folder of a new run: `run_dir`, or the next runs/<algorithm>/<environment>_<n>.
agent::RunFolder NewRunFolder(const agent::TaskConfig& config,
                              const std::optional<std::string>& run_dir);

class ConsoleSession {
 public:
  // Builds the trainer. Throws config::Error or std::invalid_argument if the task is invalid,
  // before it writes any file.
  ConsoleSession(const agent::TaskConfig& config, const ConsoleOptions& options);

  // Return the exit code: 0, also after RequestStop, or 128 + n if signal n stopped the training.
  // Throw InputError if the checkpoint cannot be resumed (the files are unchanged then), and
  // std::runtime_error for an error during the training.
  int Begin(agent::RunFolder folder);
  int Resume(agent::RunFolder folder);

  // See agent::Session.
  void AddObserver(agent::Observer& observer) { session_.AddObserver(observer); }
  agent::Trainer& trainer() { return session_.trainer(); }

 private:
  agent::SessionHooks Hooks() const;
  int Report(const agent::SessionEnd& end);
  void ReportFinished(double last_return);
  // The shell command that continues this run.
  std::string ResumeCommand() const;
  std::string root() const { return session_.paths().root.string(); }

  ConsoleOptions options_;
  agent::Session session_;
};

}  // namespace nabla::apps
