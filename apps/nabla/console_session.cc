#include "apps/nabla/console_session.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <vector>

#include "apps/nabla/console.h"
#include "apps/nabla/machine.h"
#include "apps/nabla/options.h"
#include "apps/nabla/signals.h"
#include "apps/tensorboard/tensorboard.h"
#include "config/config.h"
#include "config/nearest.h"

namespace nabla::apps {
namespace {

constexpr const char* kDefaultRoot = "runs";

}  // namespace

agent::RunFolder NewRunFolder(const agent::TaskConfig& config,
                              const std::optional<std::string>& run_dir) {
  if (run_dir) return agent::RunFolder::CreateAt(*run_dir);
  return agent::RunFolder::Create(kDefaultRoot,
                                  config::LowerCase(AlgorithmName(config.agent.algorithm)),
                                  config.environment.name);
}

ConsoleSession::ConsoleSession(const agent::TaskConfig& config, const ConsoleOptions& options)
    : options_(options), session_(config, {.threads = options.threads}, Hooks()) {
  session_.trainer();
  if (config.logging.tensorboard) tensorboard::RequireSupport();
}

agent::SessionHooks ConsoleSession::Hooks() const {
  agent::SessionHooks hooks = {
      .about = AboutProgram(),
      .config_text = [](const auto& task) { return config::Write(task, {.comments = true}); },
      .observers = {tensorboard::Open},
      .take_checkpoint_request = TakeCheckpointRequest,
      .stop_reason =
          [] {
            return StopSignal() != 0 ? fmt::format("signal {}", StopSignal())
                                     : "its viewer was closed";
          }};
  hooks.warn = [](const std::string& text) {
    Say(stderr, "nabla: warning: " + agent::OneLine(text) + "\n");
  };
  if (options_.quiet) return hooks;
  std::FILE* const out = options_.json ? stderr : stdout;
  hooks.observers.push_back([out](const agent::Trainer& trainer, const agent::RunPaths&) {
    return std::make_unique<Console>(trainer, out);
  });
  hooks.on_start = [out](const agent::RunPaths& run) {
    Say(out, "run " + agent::OneLine(run.root.string()) + "\n");
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
  // A resume of the others would only fail again.
  const bool is_resumable = end.outcome == Outcome::kFailed;
  // A run whose checkpoint could not be read has none that is known to be good.
  const std::string what =
      end.checkpoint_step < 0
          ? "try again with"
          : fmt::format("the last good checkpoint is of step {}", end.checkpoint_step);
  throw std::runtime_error(
      fmt::format("{}; {}: {}", end.reason, what,
                  is_resumable ? ResumeCommand() : ShellCommand({"evaluate", root()})));
}

void ConsoleSession::ReportFinished(double last_return) {
  const agent::Trainer& trainer = session_.trainer();
  const double rate =
      static_cast<double>(trainer.SessionSteps()) / std::max(trainer.StepSeconds(), 1e-9);
  if (options_.json) {
    PrintJson({{"run", root()},
               {"steps", trainer.step()},
               {"seconds", trainer.Seconds()},
               {"steps_per_second", rate},
               {"return_mean", last_return}});
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
