// Signals, and readers that close the output.
#include <fcntl.h>

#include <algorithm>

#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEndless = "train task.yaml --steps 1000000000000 --set checkpoint.every=0";

// Trains until the first episode has ended, then sends `signal`.
std::unique_ptr<Process> StartAndSignal(const Workplace& nabla, int signal,
                                        const std::string& options) {
  auto training = nabla.Start(std::string(kEndless) + " --run-dir run " + options);
  const bool runs = training->WaitUntil([&] {
    return fs::exists(nabla / "run/meta.json") && Lines(Read(nabla / "run/monitor.csv")).size() > 3;
  });
  REQUIRE(runs);
  training->Signal(signal);
  return training;
}

std::int64_t CheckpointStep(const Workplace& nabla) {
  return ReadJson(nabla / "run/checkpoint/latest/state.json")["step"];
}

TEST_CASE("SIGINT and SIGTERM stop a run after a checkpoint, with the command that continues it") {
  for (const int signal : {SIGINT, SIGTERM}) {
    for (const std::string options : {"", "--quiet", "--json", "--threads 2"}) {
      INFO("signal " << signal << ", options '" << options << "'");
      const Workplace nabla;
      const ProcessResult stopped = StartAndSignal(nabla, signal, options)->Wait();
      CHECK(stopped.exit_code == 128 + signal);
      const std::int64_t step = CheckpointStep(nabla);
      CHECK(step > 0);
      CHECK(ReadJson(nabla / "run/meta.json")["status"] == "interrupted");
      CHECK(ReadJson(nabla / "run/meta.json")["last_step"] == step);
      if (options == "--quiet" || options == "--json") CHECK(stopped.out.empty());

      const std::vector<std::string> lines = Lines(stopped.err);
      REQUIRE(lines.size() >= 2);
      CHECK(lines[lines.size() - 2] ==
            "stopped at step " + std::to_string(step) + "; continue with:");
      // The command as a user pastes it into a shell, with a final number of steps.
      const std::string command = lines.back() + " --quiet --steps " + std::to_string(step + 100);
      CHECK_THAT(command, ContainsText(options == "--threads 2" ? "--threads 2" : "resume run"));
      const ProcessResult resumed =
          test::Run("/bin/sh", {"sh", "-c", command}, {.folder = nabla.path()});
      INFO(resumed.err);
      CHECK(resumed.exit_code == 0);
      CHECK(CheckpointStep(nabla) == step + 100);
    }
  }
}

TEST_CASE("The suggested command works in a shell for any name of the folder") {
  const Workplace nabla;
  const std::string folder = "it's $HOME; a run";
  const ProcessResult failed =
      nabla.Run({"train", "task.yaml", "--quiet", "--run-dir", folder}, {.file_size_limit = 9'000});
  REQUIRE(failed.exit_code == 1);
  const std::size_t at = failed.err.find(NABLA_PROGRAM);
  REQUIRE(at != std::string::npos);
  const ProcessResult resumed =
      test::Run("/bin/sh", {"sh", "-c", failed.err.substr(at)}, {.folder = nabla.path()});
  INFO(failed.err << resumed.err);
  CHECK(resumed.exit_code == 0);
  CHECK(ReadJson(nabla / folder / "meta.json")["status"] == "finished");
}

TEST_CASE("SIGUSR1 writes a checkpoint and the run continues") {
  const Workplace nabla;
  const auto training = StartAndSignal(nabla, SIGUSR1, "");
  std::int64_t last = 0;
  for (int i = 0; i < 3; ++i) {
    REQUIRE(training->WaitUntil([&] { return CheckpointStep(nabla) > last; }));
    last = CheckpointStep(nabla);
    training->Signal(SIGUSR1);
  }
  // Otherwise SIGINT may end the run at the step of the last checkpoint.
  REQUIRE(training->WaitUntil([&] { return CheckpointStep(nabla) > last; }));
  CHECK_THAT(Read(nabla / "run/run.log"),
             ContainsText("checkpoint at step ") && ContainsText(" on request"));
  CHECK(training->IsRunning());
  training->Signal(SIGINT);
  CHECK(training->Wait().exit_code == 130);
  CHECK(CheckpointStep(nabla) > last);
}

TEST_CASE("SIGINT, SIGTERM and SIGHUP stop a long evaluation and long updates with a checkpoint") {
  // Each takes minutes or hours.
  for (const std::string options :
       {"--set evaluation.every=1 --set evaluation.episodes=1000000",
        "--set trainer.updates_per_step=1000 --set trainer.envs=64 "
        "--set trainer.buffer_size=10000 --set agent.batch_size=4096"}) {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      INFO("signal " << signal << ", options " << options);
      const Workplace nabla;
      const auto training = nabla.Start("train task.yaml --run-dir run " + options);
      REQUIRE(training->WaitUntil([&] { return fs::exists(nabla / "run/meta.json"); }));
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      training->Signal(signal);
      const ProcessResult stopped = training->Wait();
      CHECK(stopped.exit_code == 128 + signal);
      CHECK_THAT(stopped.err, ContainsText("resume run"));
      CHECK(ReadJson(nabla / "run/meta.json")["status"] == "interrupted");
    }
  }
}

TEST_CASE("A signal that was ignored at the start stays ignored") {
  const Workplace nabla;
  // As nohup does, and a shell for a job in the background of a script.
  Process training("/bin/sh",
                   {"sh", "-c",
                    "trap '' INT HUP; exec " NABLA_PROGRAM " " + std::string(kEndless) +
                        " --quiet --run-dir run"},
                   {.folder = nabla.path()});
  REQUIRE(training.WaitUntil([&] {
    return fs::exists(nabla / "run/meta.json") && Lines(Read(nabla / "run/monitor.csv")).size() > 3;
  }));
  training.Signal(SIGINT);
  training.Signal(SIGHUP);
  const std::size_t episodes = Lines(Read(nabla / "run/monitor.csv")).size();
  REQUIRE(training.WaitUntil(
      [&] { return Lines(Read(nabla / "run/monitor.csv")).size() > episodes + 3; }));
  training.Signal(SIGTERM);
  CHECK(training.Wait().exit_code == 128 + SIGTERM);
}

TEST_CASE("A second SIGINT ends the program at once") {
  // The program waits until someone reads its output. The first SIGINT does not end that.
  const Workplace nabla;
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  REQUIRE(::fcntl(ends[1], F_SETPIPE_SZ, 4096) == 4096);
  const std::string page(4096, 'x');
  REQUIRE(::write(ends[1], page.data(), page.size()) == 4096);
  const auto training = nabla.Start("train task.yaml --run-dir run", {.out = ends[1]});
  REQUIRE(training->WaitUntil([&] { return fs::exists(nabla / "run/meta.json"); }));
  training->Signal(SIGINT);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(training->IsRunning());
  training->Signal(SIGINT);
  CHECK(training->Wait().signal == SIGINT);
  ::close(ends[0]);
  ::close(ends[1]);
}

// Runs `line` with a closed pipe as stdout.
ProcessResult RunUnread(const Workplace& nabla, const std::string& line) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  ::close(ends[0]);
  ProcessResult result = nabla(line, {.out = ends[1]});
  ::close(ends[1]);
  return result;
}

TEST_CASE("A closed output ends a command that only prints, but not a training") {
  const Workplace nabla;
  for (const char* line : {"list envs", "config show", "--help"}) {
    const ProcessResult listed = RunUnread(nabla, line);
    CHECK(listed.signal == SIGPIPE);
    CHECK(listed.err == "");
  }
  const ProcessResult trained = RunUnread(nabla, "train task.yaml --run-dir run");
  CHECK(IsFailure(trained, 1, {"standard output"}));
  CHECK(ReadJson(nabla / "run/meta.json")["status"] == "finished");
  CHECK(CheckpointStep(nabla) == 600);
  CHECK(RunUnread(nabla, "train task.yaml --run-dir quiet --quiet").exit_code == 0);
}

TEST_CASE("Output that cannot be written is a failure") {
  const Workplace nabla;
  nabla.Succeed("train task.yaml --run-dir run --quiet");
  for (const char* line :
       {"list envs", "config show", "evaluate run --json", "--version", "train --help"}) {
    INFO("nabla " << line);
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(full >= 0);
    const ProcessResult result = nabla(line, {.out = full});
    INFO(result.err);
    CHECK(IsFailure(result, 1, {"No space left on device"}));
    ::close(full);
  }
}

}  // namespace
}  // namespace nabla::test
