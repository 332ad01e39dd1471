#include "apps/nabla/console_session.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "apps/nabla/console.h"
#include "apps/nabla/machine.h"
#include "apps/nabla/options.h"
#include "apps/nabla/signals.h"
#include "apps/nabla/task_file.h"
#include "apps/session/hooks.h"
#include "apps/tensorboard/tensorboard.h"

namespace nabla::apps {
namespace {

constexpr const char* kDefaultRoot = "runs";

std::string LowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

agent::RunFolder NewRunFolder(const agent::TaskConfig& config,
                              const std::optional<std::string>& run_dir) {
  if (run_dir) return agent::RunFolder::CreateAt(*run_dir);
  return agent::RunFolder::Create(kDefaultRoot, LowerCase(AlgorithmName(config.agent.algorithm)),
                                  config.environment.name);
}

ConsoleSession::ConsoleSession(const agent::TaskConfig& config, const ConsoleOptions& options)
    : options_(options), session_(RequireMemory(config), {.threads = options.threads}, Hooks()) {
  session_.trainer();
  if (config.logging.tensorboard) tensorboard::RequireSupport();
}

agent::SessionHooks ConsoleSession::Hooks() const {
  agent::SessionHooks hooks = ProgramHooks(AboutProgram());
  hooks.take_checkpoint_request = TakeCheckpointRequest;
  hooks.stop_reason = [] {
    return StopSignal() != 0 ? fmt::format("signal {}", StopSignal()) : "its viewer was closed";
  };
  if (options_.quiet) return hooks;
  std::FILE* const out = options_.json ? stderr : stdout;
  hooks.observers.push_back([out](const agent::Trainer& trainer, const agent::RunPaths&) {
    return std::make_unique<Console>(trainer, out);
  });
  hooks.on_start = [out](const agent::RunPaths& run) {
    Say(out, "run " + run.root.string() + "\n");
  };
  return hooks;
}

int ConsoleSession::Begin(agent::RunFolder folder) {
  return Report(session_.Begin(std::move(folder), StopRequested()));
}

int ConsoleSession::Resume(agent::RunFolder folder) {
  return Report(session_.Resume(std::move(folder), StopRequested()));
}

int ConsoleSession::Report(const agent::SessionEnd& end) {
  using Outcome = agent::SessionEnd::Outcome;
  if (end.outcome == Outcome::kFinished) {
    ReportFinished(end.last_return);
    return 0;
  }
  if (end.outcome == Outcome::kInterrupted) {
    Say(stderr,
        fmt::format("stopped at step {}; continue with:\n  {}\n", end.step, ResumeCommand()));
    return StopSignal() != 0 ? 128 + StopSignal() : 0;
  }
  // A resume after a divergence would only diverge again.
  const bool has_diverged = end.outcome == Outcome::kDiverged;
  throw std::runtime_error(
      fmt::format("{}; the last good checkpoint is of step {}: {}", end.reason, end.checkpoint_step,
                  has_diverged ? ShellCommand({"evaluate", root()}) : ResumeCommand()));
}

void ConsoleSession::ReportFinished(double last_return) {
  const agent::Trainer& trainer = session_.trainer();
  const double rate =
      static_cast<double>(trainer.SessionSteps()) / std::max(trainer.StepSeconds(), 1e-9);
  if (options_.json) {
    const nlohmann::json report = {{"run", root()},
                                   {"steps", trainer.step()},
                                   {"seconds", trainer.Seconds()},
                                   {"steps_per_second", rate},
                                   {"return_mean", last_return}};
    Say(stdout, report.dump() + "\n");
  } else if (!options_.quiet) {
    const double ratio =
        static_cast<double>(trainer.updates()) / static_cast<double>(trainer.step());
    Say(stdout, fmt::format("{} steps, {} updates ({:.3g} per step) in {:.1f} s\n"
                            "return {:.1f}, {:.0f} steps/s while learning\nevaluate with:\n  {}\n",
                            trainer.step(), trainer.updates(), ratio, trainer.Seconds(),
                            last_return, rate, ShellCommand({"evaluate", root()})));
  }
}

std::string ConsoleSession::ResumeCommand() const {
  std::vector<std::string> arguments = {"resume", root()};
  if (options_.threads > 1) {
    arguments.insert(arguments.end(), {"--threads", std::to_string(options_.threads)});
  }
  return ShellCommand(arguments);
}

}  // namespace nabla::apps
