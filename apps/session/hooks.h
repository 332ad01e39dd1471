// What every program of nabla adds to agent/run/session.h: config.yaml by config/, run.log by
// spdlog, and TensorBoard's files where the task asks for them.
#pragma once

#include "agent/run/session.h"

namespace nabla::apps {

// `about`: what meta.json says about the program and the machine.
agent::SessionHooks ProgramHooks(nlohmann::json about);

}  // namespace nabla::apps
