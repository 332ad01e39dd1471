#include "apps/session/hooks.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <utility>

#include "apps/tensorboard/tensorboard.h"
#include "config/config.h"

namespace nabla::apps {
namespace {

// Throws spdlog_ex if the file cannot be opened. A disk that is full later only silences the log.
agent::SessionHooks::Log OpenLog(const agent::RunPaths& run) {
  auto logger = std::make_shared<spdlog::logger>(
      "nabla", std::make_shared<spdlog::sinks::basic_file_sink_mt>(run.log().string()));
  logger->flush_on(spdlog::level::info);
  logger->set_error_handler([](const std::string&) {});
  return [logger](agent::LogLevel level, const std::string& line) {
    logger->log(level == agent::LogLevel::kError ? spdlog::level::err : spdlog::level::info, line);
  };
}

std::unique_ptr<agent::Observer> OpenTensorBoard(const agent::Trainer& trainer,
                                                 const agent::RunPaths& run) {
  return trainer.config().logging.tensorboard ? tensorboard::Open(trainer, run) : nullptr;
}

}  // namespace

agent::SessionHooks ProgramHooks(nlohmann::json about) {
  agent::SessionHooks hooks;
  hooks.about = std::move(about);
  hooks.config_text = [](const agent::TaskConfig& config) {
    return config::Write(config, {.comments = true});
  };
  hooks.open_log = OpenLog;
  hooks.observers = {OpenTensorBoard};
  return hooks;
}

}  // namespace nabla::apps
