// Errors while running: full disks, folders that cannot be written, trainings that diverge.
#include <sys/mount.h>

#include "tests/apps/program.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

// Checks that the run in "run" can be resumed to 600 steps, with the bits of a run without a
// failure.
void CheckResumable(const Workplace& nabla, const std::string& run) {
  nabla.Succeed("train task.yaml --quiet --run-dir whole");
  const ProcessResult resumed = nabla("resume --quiet " + run);
  INFO(resumed.err);
  CHECK(resumed.exit_code == 0);
  CHECK(Fingerprint(nabla.path() / run) == Fingerprint(nabla / "whole"));
}

TEST_CASE("A full disk during the training leaves the last checkpoint intact") {
  // The file of the replay buffer exceeds the limit before step 400.
  const Workplace nabla;
  for (const std::string options : {"", "--quiet", "--json"}) {
    fs::remove_all(nabla / "run");
    const ProcessResult failed =
        nabla("train task.yaml --run-dir run " + options, {.file_size_limit = 9'000});
    INFO(failed.err);
    CHECK(failed.exit_code == 1);
    const std::string message = Lines(failed.err).back();
    CHECK(message.starts_with("nabla: cannot write run/checkpoint/"));
    CHECK_THAT(message, ContainsText("replay.safetensors: File too large") &&
                            ContainsText("step 300") && ContainsText("resume run"));
    CHECK(ReadJson(nabla / "run/meta.json")["status"] == "failed");
    CHECK(ReadJson(nabla / "run/checkpoint/latest/state.json")["step"] == 300);
  }
  CheckResumable(nabla, "run");
}

TEST_CASE("A full disk at any size stops a run with one line, and the run can be resumed") {
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir whole");
  const std::string whole = Fingerprint(nabla / "whole");
  bool has_begun = false, has_finished = false;
  for (rlim_t limit = 400; limit < 16'000 && !has_finished; limit += 400) {
    INFO("limit " << limit << " bytes");
    fs::remove_all(nabla / "run");
    const ProcessResult result =
        nabla("train task.yaml --quiet --run-dir run", {.file_size_limit = limit});
    INFO(result.err);
    has_finished = result.exit_code == 0;
    if (has_finished) continue;
    REQUIRE(IsFailure(result, 1, {"File too large"}));
    if (!fs::exists(nabla / "run")) continue;
    has_begun = true;
    REQUIRE(nabla("resume --quiet run").exit_code == 0);
    REQUIRE(Fingerprint(nabla / "run") == whole);
  }
  CHECK((has_begun && has_finished));
}

TEST_CASE("A full disk before the first checkpoint leaves no run") {
  const Workplace nabla;
  const ProcessResult failed = nabla("train task.yaml", {.file_size_limit = 100});
  CHECK(IsFailure(failed, 1, {"cannot write runs/td3/Pendulum-v1_1/", "File too large"}));
  CHECK(failed.out == "");
  CHECK(fs::is_empty(nabla / "runs/td3"));
  CHECK(!fs::exists(fs::symlink_status(nabla / "runs/latest")));
}

TEST_CASE("A full file system, if the test may mount one") {
  const Workplace nabla;
  fs::create_directory(nabla / "disk");
  const std::string disk = nabla / "disk";
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k") != 0) {
    return Skip("this test needs the right to mount a small tmpfs");
  }
  const ProcessResult failed = nabla("train task.yaml --quiet --run-dir disk/run");
  INFO(failed.err);
  CHECK(IsFailure(failed, 1, {"disk/run", "No space left on device"}));
  const bool has_begun = fs::exists(nabla / "disk/run/meta.json");
  if (has_begun)
    fs::copy(nabla / "disk/run", nabla / "run",
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  ::umount2(disk.c_str(), MNT_DETACH);
  if (has_begun) CheckResumable(nabla, "run");
}

TEST_CASE("Folders without permission and paths that are not folders are errors") {
  const Workplace nabla;
  fs::permissions(nabla.path(), fs::perms(0755));
  fs::create_directory(nabla / "closed");
  fs::permissions(nabla / "closed", fs::perms(0555));
  const ProcessOptions nobody = {.as_nobody = true};
  CHECK(IsFailure(nabla("train task.yaml --run-dir closed/run", nobody), 1,
                  {"cannot create closed/run: Permission denied"}));
  CHECK(IsFailure(nabla("train task.yaml --run-dir closed", nobody), 1,
                  {"closed", "Permission denied"}));
  CHECK(fs::is_empty(nabla / "closed"));
  CHECK(IsFailure(nabla("train ../task.yaml", {.folder = nabla / "closed", .as_nobody = true}), 1,
                  {"cannot create runs", "Permission denied"}));
  CHECK(
      IsFailure(nabla("train task.yaml --run-dir task.yaml"), 1, {"task.yaml", "Not a directory"}));
  CHECK(IsFailure(nabla("train task.yaml --run-dir /proc/nabla"), 1, {"/proc/nabla"}));

  fs::permissions(nabla / "task.yaml", fs::perms(0000));
  CHECK(IsRefusal(nabla("train task.yaml", nobody), {"task.yaml", "Permission denied"}));
  fs::permissions(nabla / "task.yaml", fs::perms(0644));
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  fs::permissions(nabla / "closed", fs::perms(0755));
  // Another user can evaluate a run, and gets the reason why it cannot be resumed.
  CHECK(nabla("evaluate run --episodes 1", nobody).exit_code == 0);
  if (::getuid() == 0) {
    CHECK(IsFailure(nabla("resume run --steps 700", nobody), 1, {"run/", "Permission denied"}));
  }
}

TEST_CASE(
    "A training that diverges stops and names the step, the tensor and the last good checkpoint") {
  const Workplace nabla;
  const std::string line =
      "train task.yaml --quiet --run-dir run --set checkpoint.every=10"
      " --set agent.actor_learning_rate=1e30 --set agent.critic_learning_rate=1e30";
  const ProcessResult failed = nabla(line);
  INFO(failed.err);
  CHECK(IsFailure(failed, 1,
                  {"diverged at step 5", "is not finite", "actor.layers.0.weight", "learning rate",
                   "last good checkpoint is of step 50"}));
  const nlohmann::json meta = ReadJson(nabla / "run/meta.json");
  CHECK(meta["status"] == "failed");
  CHECK_THAT(meta["reason"].get<std::string>(), ContainsText("diverged"));
  const ProcessResult evaluated = nabla("evaluate run --episodes 2 --json");
  CHECK(evaluated.exit_code == 0);
  CHECK(nlohmann::json::parse(evaluated.out)["return_mean"].is_number());

  // Rewards beyond the range of float are not blamed on the learning.
  const ProcessResult rewards =
      nabla("train task.yaml --quiet --run-dir huge --set environment.reward_scale=1e300");
  CHECK(IsFailure(rewards, 2, {"Pendulum", "reward scale (reward_scale)"}));
}

TEST_CASE("Networks that exceed the memory are rejected in one line") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return Skip("a sanitizer reserves more memory than the limit of this test");
#else
  const Workplace nabla;
  const ProcessResult failed = nabla("train task.yaml --set agent.actor.hidden=[12000,12000]",
                                     {.address_space_limit = rlim_t{1} << 31});
  CHECK(IsFailure(failed, 1, {"out of memory"}));
  const ProcessResult refused = nabla("train task.yaml --set agent.actor.hidden=[65536,65536]");
  CHECK(IsFailure(refused, 2, {"out of memory", "agent.actor.hidden", "GiB"}));
  CHECK(!fs::exists(nabla / "runs"));
#endif
}

}  // namespace
}  // namespace nabla::test
