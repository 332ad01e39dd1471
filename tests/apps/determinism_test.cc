// The same seed gives the same bits for any number of threads, whether a run is interrupted, killed
// and resumed or not.
#include <cstdint>
#include <memory>
#include <random>
#include <thread>

#include "agent/run/run_folder.h"
#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

// Wrappers with state, which must survive, too.
constexpr const char* kWrapped =
    " --set environment.observation_noise=[0.01] --set environment.action_delay=2"
    " --set environment.frame_history=2 --set environment.action_repeat=2"
    " --set environment.randomize.uniform.mass=[0.9,1.1]";

std::string Trained(const Workplace& nabla, const std::string& run, const std::string& options) {
  nabla.Succeed("train task.yaml --quiet --run-dir " + run + " " + options);
  return Fingerprint(nabla / run);
}

TEST_CASE("The same seed gives the same bits, and another seed gives other bits") {
  const Workplace nabla;
  const std::string once = Trained(nabla, "a", "");
  CHECK(Trained(nabla, "b", "") == once);
  CHECK(Trained(nabla, "c", "--seed 7") == once);  // as in the file
  CHECK(Trained(nabla, "d", "--seed 8") != once);
  CHECK(Trained(nabla, "e", "--seed 18446744073709551615") != once);
  CHECK(Trained(nabla, "f", "--set agent.gamma=0.5") != once);
}

TEST_CASE("The number of threads does not change the result") {
  const Workplace nabla;
  const std::string once = Trained(nabla, "one", "--threads 1");
  CHECK(Trained(nabla, "two", "--threads 2") == once);
  CHECK(Trained(nabla, "three", "--threads 3") == once);
}

TEST_CASE("A run that was killed after its last step finishes with the same bits") {
  // The last step of four environments ends beyond the total.
  const Workplace nabla;
  const std::string options = "--steps 301 --set trainer.envs=4 --set evaluation.every=0";
  const std::string whole = Trained(nabla, "run", options);
  const auto meta = nabla / "run/meta.json";
  std::string text = agent::ReadFile(meta);
  const std::string finished = "\"finished\"";
  text.replace(text.find(finished), finished.size(), "\"running\"");
  agent::WriteFileAtomically(meta, text);
  nabla.Succeed("resume run --quiet");
  CHECK(Fingerprint(nabla / "run") == whole);
  CHECK(IsFailure(nabla("resume run --quiet"), 2, {"has finished its 301 steps"}));
}

TEST_CASE("Training in parts gives the same bits as training without a stop") {
  const Workplace nabla;
  const auto check = [&](const std::string& name, int first, int second, std::string options) {
    INFO(name << ": " << first << " of " << second << " steps, " << options);
    const std::string whole =
        Trained(nabla, name + "_whole", "--steps " + std::to_string(second) + options);
    nabla.Succeed("train task.yaml --quiet --run-dir " + name + "_parts --steps " +
                  std::to_string(first) + options);
    nabla.Succeed("resume " + name + "_parts --quiet --steps " + std::to_string(second));
    CHECK(Fingerprint(nabla / (name + "_parts")) == whole);
  };
  check("half", 300, 600, "");
  check("even", 400, 800, "");   // stops at an evaluation
  check("odd", 277, 553, "");    // neither stop nor end is at an evaluation
  check("warm", 20, 600, "");    // before the first update
  check("full", 570, 1200, "");  // the replay buffer has wrapped around
  check("one", 1, 2, "");
  check("envs", 300, 600, " --set trainer.envs=4");
  check("envs_odd", 150, 402, " --set trainer.envs=4");
  check("updates", 301, 601, " --set trainer.updates_per_step=0.3");
  check("wrapped", 250, 500, kWrapped);
  check("ends", 333, 700, " --set environment.name=CartPoleContinuous");
}

TEST_CASE("Every algorithm: the same bits in parts, and for any number of threads") {
  const Workplace nabla;
  for (const std::string& line : Lines(nabla.Succeed("list algorithms").out)) {
    const std::string name = Words(line).at(0);
    const std::string options = " --set agent.algorithm=" + name;
    INFO(name);
    const std::string whole = Trained(nabla, name + "_whole", "--steps 400" + options);
    CHECK(Trained(nabla, name + "_threads", "--threads 2 --steps 400" + options) == whole);
    nabla.Succeed("train task.yaml --quiet --steps 233 --run-dir " + name + options);
    nabla.Succeed("resume --quiet --steps 400 " + name);
    CHECK(Fingerprint(nabla / name) == whole);
  }
}

TEST_CASE("Every environment resumes in the middle of an episode") {
  const Workplace nabla;
  std::vector<std::string> names = Lines(nabla.Succeed("list envs").out);
  names.erase(names.begin());  // the header
  CHECK(names.size() >= 10);
  int i = 0;
  for (const std::string& line : names) {
    const std::string options = " --set environment.name=" + Words(line).at(0) +
                                " --set evaluation.episodes=1 --set evaluation.every=60";
    INFO(options);
    const std::string run = std::to_string(++i);
    const std::string whole = Trained(nabla, "whole_" + run, "--steps 130" + options);
    nabla.Succeed("train task.yaml --quiet --steps 77 --run-dir " + run + options);
    nabla.Succeed("resume --quiet --steps 130 " + run);
    CHECK(Fingerprint(nabla / run) == whole);
  }
}

TEST_CASE("A run interrupted at any time and resumed has the same bits") {
  const Workplace nabla;
  const std::string options = "--set trainer.steps=4000 --set trainer.buffer_size=1000";
  const std::string whole = Trained(nabla, "whole", options);
  std::mt19937 random(std::random_device{}());
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) {
    INFO("signal " << signal);
    const std::string run = "run_" + std::to_string(signal);
    auto training = nabla.Start("train task.yaml --quiet --run-dir " + run + " " + options);
    training->WaitUntil([&] { return fs::exists(nabla / run / "meta.json"); });
    // Increasingly late, so that a slow program (with sanitizers, on a busy machine) makes
    // progress.
    for (std::int64_t longest_us = 20'000;; longest_us += longest_us / 20) {
      std::this_thread::sleep_for(std::chrono::microseconds(random() % longest_us));
      training->Signal(signal);
      if (signal == SIGUSR1 && training->IsRunning()) continue;
      const ProcessResult result = training->Wait();
      if (result.exit_code == 0) break;
      // Otherwise the signal came before its handler was installed and ended the program.
      REQUIRE((result.exit_code == 128 + signal || result.signal == signal));
      training = nabla.Start("resume --quiet " + run);
    }
    CHECK(Fingerprint(nabla / run) == whole);
  }
}

// Kills runs at random times and resumes them until they end. Counts the kills.
class Killer {
 public:
  Killer(const Workplace& nabla, const std::string& options, std::int64_t longest_us)
      : nabla_(nabla), options_(options), longest_us_(longest_us) {}

  int kills() const { return kills_; }
  int resumed() const { return resumed_; }

  // Kills one run at most `limit` times, then lets it end.
  void RunOnce(const std::string& run, int limit) {
    for (int i = 0;; ++i) {
      const bool has_begun = fs::exists(nabla_ / run / "meta.json");
      if (!has_begun) fs::remove_all(nabla_ / run);  // killed before it was a run
      resumed_ += has_begun ? 1 : 0;
      const auto process =
          nabla_.Start(has_begun ? "resume --quiet " + run
                                 : "train task.yaml --quiet --run-dir " + run + " " + options_);
      if (i < limit) {
        std::this_thread::sleep_for(
            std::chrono::microseconds(static_cast<std::int64_t>(random_()) % longest_us_));
        process->Signal(SIGKILL);
      }
      const ProcessResult result = process->Wait();
      if (result.signal == SIGKILL) {
        ++kills_;
        const fs::path meta = nabla_ / run / "meta.json";
        if (fs::exists(meta) && ReadJson(meta)["status"] == "finished") return;
        continue;
      }
      INFO(result.err);
      // A kill after the reported end does not count.
      REQUIRE(result.exit_code == 0);
      return;
    }
  }

 private:
  const Workplace& nabla_;
  std::string options_;
  std::int64_t longest_us_;
  int kills_ = 0;
  int resumed_ = 0;
  std::mt19937 random_{std::random_device{}()};
};

TEST_CASE("A run killed at any time and resumed has the same bits") {
  const Workplace nabla;
  // With a checkpoint every 20 steps, the run spends most of its time on writing them.
  const std::string options =
      "--set trainer.steps=2010 --set checkpoint.every=20 --set checkpoint.keep_every=500";
  const auto start = std::chrono::steady_clock::now();
  const std::string whole = Trained(nabla, "whole", options);
  const std::chrono::microseconds once = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  Killer killer(nabla, options, once.count() / 3);
  for (int run = 0; killer.kills() < 40 && run < 40; ++run) {
    const std::string name = "run_" + std::to_string(run);
    killer.RunOnce(name, 12);
    REQUIRE(Fingerprint(nabla / name) == whole);
    fs::remove_all(nabla / name);
  }
  CHECK(killer.kills() >= 20);
  CHECK(killer.resumed() >= 10);
}

}  // namespace
}  // namespace nabla::test
