// nabla watch as a user runs it: on a display, without one, and when the display goes away.
#include <filesystem>

#include "tests/apps/program.h"
#include "tests/apps/viewer/window/display.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLong = "watch task.yaml --quiet --run-dir run --set trainer.steps=4000 ";

bool HasSteps(const Workplace& nabla, int steps) {
  const fs::path monitor = nabla / "run/monitor.csv";
  return fs::exists(monitor) && static_cast<int>(Lines(Read(monitor)).size()) > 2 + steps / 200;
}

void CheckResumesWithTheSameBits(const Workplace& nabla) {
  CHECK(ReadJson(nabla / "run/meta.json").at("status") == "interrupted");
  nabla.Succeed("resume run --quiet");
  nabla.Succeed("train task.yaml --quiet --run-dir whole --set trainer.steps=4000");
  CHECK(Fingerprint(nabla / "run") == Fingerprint(nabla / "whole"));
}

TEST_CASE("watch: a watched task has the bits of a trained one") {
  const auto display = VirtualDisplay::Open();
  if (!display) return;
  display->Use();
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir alone");
  nabla.Succeed("watch task.yaml --quiet --close --run-dir watched");
  CHECK(Fingerprint(nabla / "watched") == Fingerprint(nabla / "alone"));
  CHECK(Read(nabla / "watched/config.yaml") == Read(nabla / "alone/config.yaml"));
}

TEST_CASE("watch: a run can be resumed after its window was closed") {
  const auto display = VirtualDisplay::Open();
  if (!display) return;
  display->Use();
  const Workplace nabla;
  const auto watch = nabla.Start(std::string(kLong) + "--pace 1000");
  REQUIRE(watch->WaitUntil([&] { return HasSteps(nabla, 200); }));
  display->Do("key --window " + display->Window() + " Escape");
  CHECK(watch->Wait().exit_code == 0);
  CHECK(ReadJson(nabla / "run/meta.json").at("reason") == "its viewer was closed");
  CheckResumesWithTheSameBits(nabla);
}

TEST_CASE("watch: a run can be resumed after its display was lost") {
  const auto display = VirtualDisplay::Open();
  if (!display) return;
  display->Use();
  const Workplace nabla;
  const auto watch = nabla.Start(std::string(kLong) + "--pace 1000");
  REQUIRE(watch->WaitUntil([&] { return HasSteps(nabla, 200); }));
  CHECK(display->Window() != "");
  display->Kill();
  const ProcessResult result = watch->Wait();
  CHECK(result.exit_code == 1);
  CHECK(result.err.find("lost the connection to the display") != std::string::npos);
  CheckResumesWithTheSameBits(nabla);
}

// The loss is reported in a callback of Xlib, through which no exception may pass.
TEST_CASE("watch: a lost display and a checkpoint that cannot be written are one error message") {
  const auto display = VirtualDisplay::Open();
  if (!display) return;
  display->Use();
  const Workplace nabla;
  const auto watch = nabla.Start(std::string(kLong) +
                                 "--pace 1000 --set checkpoint.every=100000 "
                                 "--set checkpoint.keep_every=0 --set evaluation.every=100000");
  REQUIRE(watch->WaitUntil([&] { return HasSteps(nabla, 200); }));
  CHECK(display->Window() != "");
  fs::rename(nabla / "run", nabla / "moved");
  Write(nabla / "run", "no folder");
  display->Kill();
  const ProcessResult result = watch->Wait();
  INFO(result.err);
  CHECK(result.exit_code == 1);
  CHECK(result.err.find("nabla: cannot") != std::string::npos);
}

TEST_CASE("watch: a run that is shown ends with its display") {
  const auto display = VirtualDisplay::Open();
  if (!display) return;
  display->Use();
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  const auto watch = nabla.Start("watch run");
  CHECK(display->Window() != "");
  display->Kill();
  const ProcessResult result = watch->Wait();
  CHECK(result.exit_code == 1);
  INFO(result.err);
  const std::vector<std::string> lines = Lines(result.err);  // SFML may print warnings first
  REQUIRE(!lines.empty());
  CHECK(lines.back() == "nabla: lost the connection to the display");
  CHECK(result.err.find("fatal IO error") == std::string::npos);  // of Xlib
}

TEST_CASE("watch: a run is replayed even after its folder was deleted") {
  const auto display = VirtualDisplay::Open();
  if (!display) return;
  display->Use();
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  const auto watch = nabla.Start("watch run");
  CHECK(display->Window() != "");
  fs::remove_all(nabla / "run");
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  CHECK(watch->IsRunning());
  watch->Signal(SIGTERM);
  const ProcessResult result = watch->Wait();
  INFO(result.err);
  CHECK(result.exit_code == 128 + SIGTERM);
}

TEST_CASE("watch: without a display one line names record, and no run is created") {
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  ::unsetenv("DISPLAY");
  CHECK(IsRefusal(nabla("watch run"), {"no display", "record run"}));
  CHECK(IsRefusal(nabla("watch task.yaml --run-dir new"), {"no display", "record"}));
  CHECK(!fs::exists(nabla / "new"));
}

TEST_CASE("watch: invalid arguments are refused") {
  const auto display = VirtualDisplay::Open();
  if (!display) return;
  display->Use();
  const Workplace nabla;
  fs::create_directory(nabla / "empty");
  CHECK(IsRefusal(nabla("watch empty"), {"empty"}));
  CHECK(IsRefusal(nabla("watch nothing.yaml"), {"nothing.yaml"}));
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  CHECK(IsRefusal(nabla("watch run --size 12"), {"--size", "1920x1080"}));
  CHECK(IsRefusal(nabla("watch run --checkpoint 77"), {"77", "latest"}));
}

}  // namespace
}  // namespace nabla::test
