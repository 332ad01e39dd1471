// nabla: the command line. Each command has its own file. This one parses the arguments and turns
// exceptions into one line and an exit code: 2 for invalid usage or input, 1 for a failure while
// running.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <sstream>
#include <stdexcept>
#include <string>

#include "agent/run/version.h"
#include "agent/state/file_io.h"
#include "apps/nabla/commands.h"
#include "apps/nabla/options.h"
#include "apps/nabla/signals.h"
#include "config/error.h"
#include "config/nearest.h"
#include "envs/core/unknown_name.h"

namespace {

using nabla::apps::kExitFailure;
using nabla::apps::kExitUsage;

int Fail(const std::string& message, int exit_code) {
  std::fprintf(stderr, "nabla: %s\n", nabla::agent::OneLine(message).c_str());
  return exit_code;
}

int Run(int argc, char** argv) {
  using namespace nabla::apps;
  CLI::App app("nabla: continuous-control actor-critic learning on exact network derivatives");
  app.name("nabla");
  KeepLines(app);
  app.set_version_flag("--version", std::string(nabla::version::Version()) + " (" +
                                        nabla::version::Commit() + ", " +
                                        nabla::version::Compiler() + ")");
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  nabla train config/tasks/pendulum_td3.yaml\n"
      "  nabla evaluate runs/latest\n");
  int exit_code = 0;
  for (AddCommand* const add : kCommands) add(app, exit_code);
  if (argc == 1) {
    std::fputs(app.help().c_str(), stderr);
    return kExitUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help, --version
      std::ostringstream text;
      app.exit(error, text, text);
      std::fputs(text.str().c_str(), stdout);
      return 0;
    }
    return Fail(UsageMessage(app, error), kExitUsage);
  }
  return exit_code;
}

int RunAndExplain(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const nabla::config::Error& error) {
    return Fail(error.what(), kExitUsage);
  } catch (const nabla::envs::UnknownNameError& error) {
    const std::string nearest = nabla::config::Nearest(error.name, error.known);
    return Fail(error.what() + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"),
                kExitUsage);
  } catch (const std::invalid_argument& error) {  // agent::InputError too
    return Fail(error.what(), kExitUsage);
  } catch (const std::bad_alloc&) {
    return Fail("out of memory; try a smaller trainer.buffer_size or smaller networks",
                kExitFailure);
  } catch (const std::exception& error) {
    return Fail(error.what(), kExitFailure);
  }
}

}  // namespace

int main(int argc, char** argv) {
  nabla::apps::PrepareProcess();
  const int exit_code = RunAndExplain(argc, argv);
  const bool failed_before = std::ferror(stdout) != 0;
  if (std::fflush(stdout) == 0 && !failed_before) return exit_code;
  if (exit_code != 0) return exit_code;
  const std::string reason = failed_before ? "" : std::string(": ") + std::strerror(errno);
  return Fail("cannot write to the standard output" + reason, kExitFailure);
}
