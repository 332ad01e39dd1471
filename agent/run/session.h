// Session: trains a task in a run folder, from the start or from the latest checkpoint to the end.
//
//   Begin:   config.yaml, run.log, progress.csv, monitor.csv, first checkpoint, meta.json
//   Resume:  restores checkpoint/latest and truncates the files to it; config.yaml, meta.json
//   then:    trains until config.trainer.steps, a stop or an error; checkpoint/latest; a last
//            evaluation; best.json if asked for; the outcome in meta.json
//
// The program supplies what agent/ does not know (YAML, TensorBoard, a console) as hooks.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "agent/learning/workers.h"
#include "agent/run/recorder.h"
#include "agent/run/run_folder.h"

namespace nabla::agent {

struct SessionHooks {
  // What meta.json says about the program and the machine: a JSON object.
  nlohmann::json about = nlohmann::json::object();
  // The content of config.yaml.
  std::function<std::string(const TaskConfig&)> config_text = {};
  // Observers that are called before the recorder. They are made when progress.csv and monitor.csv
  // are in place, and deleted when the training has ended. An observer may be null.
  using MakeObserver = std::function<std::unique_ptr<Observer>(const Trainer&, const RunPaths&)>;
  std::vector<MakeObserver> observers = {};

  // Optional:
  std::function<void(const RunPaths&)> on_start = {};  // meta.json says that the run is running
  std::function<void(const std::string&)> warn = {};   // a line that the user should see
  std::function<bool()> take_checkpoint_request = {};  // asked after each step
  std::function<std::string()> stop_reason = {};       // for meta.json, after a stop
};

struct SessionOptions {
  int threads = 1;           // that learn
  bool replay_best = false;  // write best.json at the end
  // A new run that cannot be started is recorded in its folder. Otherwise the folder is deleted.
  bool keep_failed_start = false;
  // meta.json's status after an error that is neither a divergence nor in the task: a full disk, a
  // lack of memory.
  RunStatus status_of_failure = RunStatus::kFailed;
};

struct SessionEnd {
  enum class Outcome {
    kFinished,
    kInterrupted,  // by a stop; resumable
    kDiverged,     // a resume would diverge again
    kInvalid,      // the task cannot be trained (std::invalid_argument)
    kFailed,       // any other error; resumable
  };
  Outcome outcome = Outcome::kFinished;
  std::string reason;                 // empty if finished
  std::int64_t step = 0;              // reached
  std::int64_t checkpoint_step = -1;  // of checkpoint/latest; -1 if there is none
  double last_return = std::numeric_limits<double>::quiet_NaN();  // mean of the last evaluation
};

class Session {
 public:
  Session(TaskConfig config, SessionOptions options, SessionHooks hooks);
  ~Session();

  // The first call builds the trainer and throws std::invalid_argument if the task is invalid.
  Trainer& trainer();

  // Adds an observer that is called after the recorder. It must outlive the call of Begin or
  // Resume.
  void AddObserver(Observer& observer) { observers_.push_back(&observer); }

  // Trains in a new folder. Throws if the run cannot be started (see keep_failed_start). An error
  // during the training is an outcome.
  SessionEnd Begin(RunFolder folder, const std::atomic<bool>& stop);

  // Continues from the latest checkpoint. Throws InputError if it cannot be resumed; no file has
  // changed then. Any other error is an outcome.
  SessionEnd Resume(RunFolder folder, const std::atomic<bool>& stop);

  const RunPaths& paths() const { return folder_->paths(); }

 private:
  class StepObserver;

  void WriteConfig();
  void StartRun();
  void MakeObservers();
  SessionEnd Run(const std::atomic<bool>& stop);
  SessionEnd Train(const std::atomic<bool>& stop);
  SessionEnd Interrupt();
  SessionEnd Fail(const std::exception& error);
  SessionEnd End(SessionEnd::Outcome outcome, const std::string& reason) const;
  // Appends a line to run.log. A full disk only silences the log.
  void Log(const std::string& line, const char* level = "info");

  TaskConfig config_;
  SessionOptions options_;
  SessionHooks hooks_;
  Workers workers_;
  std::unique_ptr<Trainer> trainer_;
  std::optional<RunFolder> folder_;
  std::optional<AppendFile> log_;
  std::unique_ptr<Recorder> recorder_;
  std::vector<std::unique_ptr<Observer>> owned_observers_;
  std::vector<Observer*> observers_;
};

}  // namespace nabla::agent
