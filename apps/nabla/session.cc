#include "apps/nabla/session.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/nabla/console.h"
#include "apps/nabla/machine.h"
#include "apps/nabla/options.h"
#include "apps/nabla/signals.h"
#include "apps/nabla/task.h"
#include "apps/tensorboard/tensorboard.h"
#include "config/config.h"

namespace nabla::apps {
namespace {

using agent::RunStatus;

constexpr const char* kDefaultRoot = "runs";

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Writes a checkpoint whenever SIGUSR1 has asked for one.
class CheckpointOnRequest : public agent::Observer {
 public:
  explicit CheckpointOnRequest(agent::Recorder& recorder) : recorder_(recorder) {}
  void OnStep(std::int64_t step) override {
    if (!TakeCheckpointRequest()) return;
    recorder_.WriteCheckpoint();
    spdlog::info("checkpoint at step {} on SIGUSR1", step);
  }

 private:
  agent::Recorder& recorder_;
};

class LogEvaluations : public agent::Observer {
 public:
  void OnEvaluation(const agent::EvaluationRecord& record) override {
    spdlog::info("step {}: return {:.2f} over {} episodes", record.step,
                 agent::Mean(record.result.returns), record.result.returns.size());
  }
};

void OpenLog(const agent::RunPaths& paths) {
  // Throws spdlog_ex where the file cannot be written; a full disk later only silences the log.
  auto logger = std::make_shared<spdlog::logger>(
      "nabla", std::make_shared<spdlog::sinks::basic_file_sink_mt>(paths.log().string()));
  logger->flush_on(spdlog::level::info);
  logger->set_error_handler([](const std::string&) {});
  spdlog::set_default_logger(logger);
}

}  // namespace

agent::RunFolder NewRunFolder(const agent::TaskConfig& config,
                              const std::optional<std::string>& run_dir) {
  if (run_dir) return agent::RunFolder::CreateAt(*run_dir);
  return agent::RunFolder::Create(kDefaultRoot, LowerCase(AlgorithmName(config.agent.algorithm)),
                                  config.environment.name);
}

Session::Session(agent::TaskConfig config, const SessionOptions& options)
    : config_(std::move(config)),
      options_(options),
      workers_(options.threads),
      trainer_(RequireMemory(config_), workers_) {
  if (config_.logging.tensorboard) tensorboard::RequireSupport();
}

Session::~Session() = default;

std::FILE* Session::out() const { return options_.json ? stderr : stdout; }

std::string Session::ResumeCommand() const {
  std::vector<std::string> arguments = {"resume", root()};
  if (options_.threads > 1) {
    arguments.insert(arguments.end(), {"--threads", std::to_string(options_.threads)});
  }
  return ShellCommand(arguments);
}

int Session::Begin(agent::RunFolder folder) {
  folder_.emplace(std::move(folder));
  try {
    StartFolder();
    recorder_ = std::make_unique<agent::Recorder>(trainer_, *folder_);
    OpenTensorBoard();
    folder_->Start(AboutProgram(), trainer_.step());
  } catch (const std::exception&) {
    folder_->Discard();
    throw;
  }
  return RunAndReport();
}

int Session::Resume(agent::RunFolder folder) {
  folder_.emplace(std::move(folder));
  recorder_ = agent::Recorder::Resume(trainer_, *folder_);
  OpenTensorBoard();
  StartFolder();
  folder_->Start(AboutProgram(), trainer_.step());
  return RunAndReport();
}

void Session::StartFolder() {
  agent::WriteFileAtomically(folder_->paths().config(), config::Write(config_, {.comments = true}));
  OpenLog(folder_->paths());
}

void Session::OpenTensorBoard() {
  if (!config_.logging.tensorboard) return;
  tensorboard_ = tensorboard::Open(trainer_, folder_->paths());
  trainer_.AddObserver(*tensorboard_);
}

int Session::RunAndReport() {
  try {
    return Train();
  } catch (const std::exception& error) {
    Fail(error);
  }
}

int Session::Train() {
  CheckpointOnRequest on_request(*recorder_);
  LogEvaluations log;
  if (!options_.quiet) {
    Say(out(), "run " + root() + "\n");
    console_ = std::make_unique<Console>(trainer_, out());
    trainer_.AddObserver(*console_);
  }
  trainer_.AddObserver(log);
  trainer_.AddObserver(*recorder_);
  trainer_.AddObserver(on_request);
  for (agent::Observer* watcher : watchers_) trainer_.AddObserver(*watcher);
  spdlog::info("{} on {} from step {} to {}", agent::AlgorithmName(config_.agent.algorithm),
               config_.environment.name, trainer_.step(), config_.trainer.steps);
  Advance();
  if (recorder_->checkpoint_step() != trainer_.step()) recorder_->WriteCheckpoint();
  if (trainer_.step() < config_.trainer.steps) return Interrupted();
  // After the checkpoint: a longer run does not have this evaluation.
  if (!trainer_.EvaluatedNow()) trainer_.RunEvaluation(false);
  console_.reset();
  folder_->Update(RunStatus::kFinished, trainer_.step());
  spdlog::info("finished at step {}", trainer_.step());
  Report();
  return 0;
}

void Session::Advance() {
  try {
    trainer_.Run(StopRequested());
  } catch (const std::invalid_argument&) {
    // Environments refuse actions that are not finite: then the networks are to blame.
    trainer_.RequireFinite();
    throw;
  }
}

int Session::Interrupted() {
  console_.reset();
  const int signal = StopSignal();
  folder_->Update(RunStatus::kInterrupted, trainer_.step(),
                  signal != 0 ? fmt::format("signal {}", signal) : "its viewer was closed");
  spdlog::info("interrupted at step {}", trainer_.step());
  Say(stderr,
      fmt::format("stopped at step {}; go on with:\n  {}\n", trainer_.step(), ResumeCommand()));
  return signal != 0 ? 128 + signal : 0;
}

void Session::Report() const {
  const double rate =
      static_cast<double>(trainer_.SessionSteps()) / std::max(trainer_.StepSeconds(), 1e-9);
  if (options_.json) {
    const nlohmann::json report = {{"run", root()},
                                   {"steps", trainer_.step()},
                                   {"seconds", trainer_.Seconds()},
                                   {"steps_per_second", rate},
                                   {"return_mean", recorder_->last_return()}};
    Say(stdout, report.dump() + "\n");
  } else if (!options_.quiet) {
    const double ratio =
        static_cast<double>(trainer_.updates()) / static_cast<double>(trainer_.step());
    Say(stdout, fmt::format("{} steps, {} updates ({:.3g} a step) in {:.1f} s\n"
                            "return {:.1f}, {:.0f} steps/s while learning\nevaluate with:\n  {}\n",
                            trainer_.step(), trainer_.updates(), ratio, trainer_.Seconds(),
                            recorder_->last_return(), rate, ShellCommand({"evaluate", root()})));
  }
}

void Session::Fail(const std::exception& error) {
  console_.reset();
  spdlog::error("{}", error.what());
  try {
    folder_->Update(RunStatus::kFailed, trainer_.step(), error.what());
  } catch (const std::exception&) {
    // The disk that refused the checkpoint refuses this as well; the first error is the one to say.
  }
  const bool has_diverged = dynamic_cast<const agent::Divergence*>(&error) != nullptr;
  // A resume would only diverge again.
  throw std::runtime_error(fmt::format(
      "{}; the last good checkpoint is of step {}: {}", error.what(), recorder_->checkpoint_step(),
      has_diverged ? ShellCommand({"evaluate", root()}) : ResumeCommand()));
}

}  // namespace nabla::apps
