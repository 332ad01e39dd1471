#include "agent/run/session.h"

#include <array>
#include <cstdio>
#include <ctime>
#include <new>
#include <stdexcept>
#include <utility>

#include "agent/run/memory.h"
#include "agent/run/saved_policy.h"

namespace nabla::agent {
namespace {

using Outcome = SessionEnd::Outcome;

// "2026-01-31 12:34:56.789"
std::string LocalTime() {
  std::timespec now{};
  std::timespec_get(&now, TIME_UTC);
  std::tm local{};
  ::localtime_r(&now.tv_sec, &local);
  std::array<char, 64> text{};
  const std::size_t used = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local);
  std::snprintf(text.data() + used, text.size() - used, ".%03ld", now.tv_nsec / 1'000'000);
  return text.data();
}

std::string AtStep(const char* what, std::int64_t step) {
  return std::string(what) + " at step " + std::to_string(step);
}

std::string Describe(const EvaluationRecord& record) {
  std::array<char, 400> text{};  // the largest double has 309 digits
  const std::size_t episodes = record.result.returns.size();
  std::snprintf(text.data(), text.size(), "step %lld: return %.2f over %zu episode%s",
                static_cast<long long>(record.step), Mean(record.result.returns), episodes,
                episodes == 1 ? "" : "s");
  return text.data();
}

// A checkpoint that is damaged on the disk does not make the task invalid.
bool ReplayBestOf(const RunPaths& paths, const TaskConfig& config, const std::atomic<bool>& stop) {
  try {
    return ReplayBest(paths, config, stop);
  } catch (const InputError& error) {
    throw std::runtime_error(error.what());
  }
}

}  // namespace

// Logs evaluations, and writes the checkpoints that hooks_.take_checkpoint_request asks for.
class Session::StepObserver : public Observer {
 public:
  explicit StepObserver(Session& session) : session_(session) {}

  void OnStep(std::int64_t step) override {
    const auto& take_request = session_.hooks_.take_checkpoint_request;
    if (!take_request || !take_request()) return;
    session_.recorder_->WriteCheckpoint();
    session_.Log(AtStep("checkpoint", step) + " on request");
  }
  void OnEvaluation(const EvaluationRecord& record) override { session_.Log(Describe(record)); }

 private:
  Session& session_;
};

Session::Session(TaskConfig config, SessionOptions options, SessionHooks hooks)
    : config_(std::move(config)),
      options_(options),
      hooks_(std::move(hooks)),
      workers_(options.threads) {}

Session::~Session() = default;

Trainer& Session::trainer() {
  if (!trainer_) {
    RequireMemory(config_);
    trainer_ = std::make_unique<Trainer>(config_, workers_);
  }
  return *trainer_;
}

SessionEnd Session::Begin(RunFolder folder, const std::atomic<bool>& stop) {
  folder_.emplace(std::move(folder));
  try {
    WriteConfig();
    if (options_.keep_failed_start) StartRun();
    log_ = AppendFile::Extend(paths().log());
    recorder_ = std::make_unique<Recorder>(trainer(), *folder_);
    recorder_->Begin();
    MakeObservers();
    if (!options_.keep_failed_start) StartRun();
  } catch (const std::exception& error) {
    if (options_.keep_failed_start) return Fail(error);
    folder_->Discard();
    throw;
  }
  return Run(stop);
}

SessionEnd Session::Resume(RunFolder folder, const std::atomic<bool>& stop) {
  folder_.emplace(std::move(folder));
  try {
    recorder_ = std::make_unique<Recorder>(trainer(), *folder_);
    recorder_->Resume();
    MakeObservers();
    WriteConfig();
    log_ = AppendFile::Extend(paths().log());
    StartRun();
  } catch (const std::invalid_argument&) {
    throw;
  } catch (const std::exception& error) {
    return Fail(error);
  }
  return Run(stop);
}

void Session::WriteConfig() { WriteFileAtomically(paths().config(), hooks_.config_text(config_)); }

void Session::StartRun() {
  const std::string warning = folder_->Start(hooks_.about, trainer_ ? trainer_->step() : 0);
  if (warning.empty()) return;
  Log(warning, "warning");
  if (hooks_.warn) hooks_.warn(warning);
}

void Session::MakeObservers() {
  for (const SessionHooks::MakeObserver& make : hooks_.observers) {
    std::unique_ptr<Observer> observer = make(*trainer_, paths());
    if (!observer) continue;
    trainer_->AddObserver(*observer);
    owned_observers_.push_back(std::move(observer));
  }
}

SessionEnd Session::Run(const std::atomic<bool>& stop) {
  StepObserver step_observer(*this);
  trainer_->AddObserver(*recorder_);
  trainer_->AddObserver(step_observer);
  for (Observer* observer : observers_) trainer_->AddObserver(*observer);
  SessionEnd end;
  try {
    end = Train(stop);
  } catch (const std::exception& error) {
    end = Fail(error);
  }
  owned_observers_.clear();
  return end;
}

SessionEnd Session::Train(const std::atomic<bool>& stop) {
  if (hooks_.on_start) hooks_.on_start(paths());
  Log(std::string(AlgorithmName(config_.agent.algorithm)) + " on " + config_.environment.name +
      " from step " + std::to_string(trainer_->step()) + " to " +
      std::to_string(config_.trainer.steps));
  Trainer::Outcome outcome{};
  try {
    outcome = trainer_->Run(stop);
  } catch (const std::invalid_argument&) {
    // An environment rejects actions that are not finite. Then the networks have diverged.
    trainer_->RequireFinite();
    throw;
  }
  if (!recorder_->IsCurrent()) recorder_->WriteCheckpoint();
  // After the checkpoint, since a longer run does not have this evaluation.
  if (outcome == Trainer::Outcome::kInterrupted ||
      (!trainer_->EvaluatedNow() && !trainer_->RunEvaluation(false, stop)) ||
      (options_.replay_best && !ReplayBestOf(paths(), config_, stop))) {
    return Interrupt();
  }
  std::error_code error;
  if (!std::filesystem::exists(paths().config(), error)) WriteConfig();  // was deleted meanwhile
  folder_->Update(RunStatus::kFinished, trainer_->step());
  Log(AtStep("finished", trainer_->step()));
  return End(Outcome::kFinished, "");
}

SessionEnd Session::Interrupt() {
  const std::string reason = hooks_.stop_reason ? hooks_.stop_reason() : "stopped";
  folder_->Update(RunStatus::kInterrupted, trainer_->step(), reason);
  Log(AtStep("interrupted", trainer_->step()));
  return End(Outcome::kInterrupted, reason);
}

SessionEnd Session::Fail(const std::exception& error) {
  Outcome outcome = Outcome::kFailed;
  std::string reason = error.what();
  if (dynamic_cast<const Divergence*>(&error) != nullptr) {
    outcome = Outcome::kDiverged;
  } else if (dynamic_cast<const std::invalid_argument*>(&error) != nullptr) {
    outcome = Outcome::kInvalid;
  } else if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    reason = "out of memory";
  }
  Log(reason, "error");
  const SessionEnd end = End(outcome, reason);
  const bool is_failure = outcome == Outcome::kFailed;
  try {
    folder_->Update(is_failure ? options_.status_of_failure : RunStatus::kFailed, end.step, reason);
  } catch (const std::exception&) {
    // The disk that rejected the checkpoint rejects this, too. Report the first error.
  }
  return end;
}

SessionEnd Session::End(Outcome outcome, const std::string& reason) const {
  SessionEnd end = {.outcome = outcome, .reason = reason};
  if (trainer_) end.step = trainer_->step();
  if (!recorder_) return end;
  end.checkpoint_step = recorder_->checkpoint_step();
  end.last_return = recorder_->last_return();
  return end;
}

void Session::Log(const std::string& line, const char* level) {
  if (!log_) return;
  try {
    log_->Append("[" + LocalTime() + "] [nabla] [" + level + "] " + OneLine(line) + "\n");
  } catch (const IoError&) {
  }
}

}  // namespace nabla::agent
