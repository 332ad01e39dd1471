// nabla watch as a user runs it: on a display, without one, and when things go away under it.
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

void CheckGoesOnWithTheSameBits(const Workplace& nabla) {
  CHECK(ReadJson(nabla / "run/meta.json").at("status") == "interrupted");
  nabla.Succeed("resume run --quiet");
  nabla.Succeed("train task.yaml --quiet --run-dir whole --set trainer.steps=4000");
  CHECK(Fingerprint(nabla / "run") == Fingerprint(nabla / "whole"));
}

TEST_CASE("watch: a task that is watched to its end has the bits of one that is trained") {
  const auto display = VirtualDisplay::Open();
  if (!display) return;
  display->Use();
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir alone");
  nabla.Succeed("watch task.yaml --quiet --close --run-dir watched");
  CHECK(Fingerprint(nabla / "watched") == Fingerprint(nabla / "alone"));
  CHECK(Read(nabla / "watched/config.yaml") == Read(nabla / "alone/config.yaml"));
}

TEST_CASE("watch: a window closed in the middle leaves a run that goes on") {
  const auto display = VirtualDisplay::Open();
  if (!display) return;
  display->Use();
  const Workplace nabla;
  const auto watch = nabla.Start(std::string(kLong) + "--pace 1000");
  REQUIRE(watch->WaitUntil([&] { return HasSteps(nabla, 200); }));
  display->Do("key --window " + display->Window() + " Escape");
  CHECK(watch->Wait().exit_code == 0);
  CHECK(ReadJson(nabla / "run/meta.json").at("reason") == "its viewer was closed");
  CheckGoesOnWithTheSameBits(nabla);
}

TEST_CASE("watch: a display that disappears leaves a run that goes on") {
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
  CHECK(result.err.find("the display has gone") != std::string::npos);
  CheckGoesOnWithTheSameBits(nabla);
}

TEST_CASE("watch: a run is replayed even when its folder is deleted under it") {
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

TEST_CASE("watch: without a display one line names record, and no run is begun") {
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  ::unsetenv("DISPLAY");
  CHECK(IsRefusal(nabla("watch run"), {"no display", "record run"}));
  CHECK(IsRefusal(nabla("watch task.yaml --run-dir new"), {"no display", "record"}));
  CHECK(!fs::exists(nabla / "new"));
}

TEST_CASE("watch: what cannot be watched is refused") {
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
