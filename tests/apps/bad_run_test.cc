// Invalid run folders and checkpoints are rejected in one line with exit code 2 and not changed.
#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

// Makes a finished run in "run", and copies of it.
class RunFactory {
 public:
  RunFactory() { nabla.Succeed("train task.yaml --quiet --run-dir run"); }

  fs::path Copy(const std::string& name) const {
    fs::copy(nabla / "run", nabla / name, fs::copy_options::recursive | kLinks);
    return nabla / name;
  }

  // True if `line` is rejected with `parts` in its message and changes nothing.
  bool Refuses(const std::string& line, const std::vector<std::string>& parts) const {
    const auto before = Snapshot(nabla.path());
    const ProcessResult result = nabla(line);
    const bool good = IsRefusal(result, parts) && Snapshot(nabla.path()) == before;
    if (!good) WARN("nabla " << line << ": exit code " << result.exit_code << ", " << result.err);
    return good;
  }

  const Workplace nabla;

 private:
  static constexpr fs::copy_options kLinks = fs::copy_options::copy_symlinks;
};

void ReplaceIn(const fs::path& path, const std::string& old, const std::string& now) {
  std::string text = Read(path);
  const std::size_t at = text.find(old);
  REQUIRE(at != std::string::npos);
  Write(path, text.replace(at, old.size(), now));
}

TEST_CASE("A folder that is not a run is rejected") {
  const RunFactory runs;
  fs::create_directory(runs.nabla / "empty");
  for (const std::string command : {"resume ", "evaluate "}) {
    CHECK(runs.Refuses(command + "nowhere", {"no run folder nowhere"}));
    CHECK(runs.Refuses(command + "empty", {"empty", "config.yaml"}));
    CHECK(runs.Refuses(command + "task.yaml", {"task.yaml"}));
  }
  Write(runs.nabla / "empty/config.yaml", "seed: 1\n");
  CHECK(runs.Refuses("resume empty", {"empty is not a run folder: it has no meta.json"}));
  CHECK(runs.Refuses("train task.yaml --run-dir empty", {"config.yaml", "delete it"}));
  CHECK(runs.Refuses("train task.yaml --run-dir run",
                     {"run already contains a run", "nabla resume run"}));
}

TEST_CASE("A resume of a finished run names a larger number of steps") {
  const RunFactory runs;
  CHECK(runs.Refuses("resume run", {"finished its 600 steps", "--steps 1200"}));
  CHECK(runs.Refuses("resume run --steps 600", {"finished its 600 steps"}));
  CHECK(runs.Refuses("resume run --steps 599", {"already at step 600", "beyond 599"}));
  CHECK(runs.nabla("resume run --steps 601 --quiet").exit_code == 0);
}

TEST_CASE("A run killed between its last step and its last evaluation can be finished") {
  const RunFactory runs;
  const std::string whole = Fingerprint(runs.nabla / "run");
  const fs::path killed = runs.Copy("killed");
  ReplaceIn(killed / "meta.json", "\"finished\"", "\"running\"");
  const ProcessResult ended = runs.nabla("resume killed --json");
  CHECK(ended.exit_code == 0);
  CHECK(nlohmann::json::parse(ended.out)["return_mean"].is_number());
  CHECK(Fingerprint(killed) == whole);
  CHECK(ReadJson(killed / "meta.json")["status"] == "finished");
}

TEST_CASE("evaluate lists the available checkpoints") {
  const RunFactory runs;
  for (const std::string which : {"7", "newest", "-1", "250x"}) {
    CHECK(runs.Refuses("evaluate run --checkpoint " + which,
                       {"no checkpoint '" + which + "'", "latest (step 600)", "best", "250, 500"}));
  }
  fs::remove_all(runs.Copy("none") / "checkpoint");
  CHECK(runs.Refuses("evaluate none", {"no checkpoint 'latest'", "available: none"}));
  CHECK(runs.Refuses("resume none --steps 700", {"no checkpoint 'latest'", "available: none"}));
}

TEST_CASE("A truncated, damaged or unrelated checkpoint is rejected") {
  const RunFactory runs;
  int count = 0;
  for (const char* file :
       {"networks.safetensors", "optimizer.safetensors", "replay.safetensors", "state.json"}) {
    const std::string whole = Read(runs.nabla / "run/checkpoint/latest" / file);
    std::string flipped = whole;
    flipped[whole.size() / 2] ^= 4;
    for (const std::string& content :
         {std::string(), whole.substr(0, 7), whole.substr(0, whole.size() - 3), whole + "x",
          flipped, std::string("{\"format\": \"another\"}"), std::string(100, '\xff')}) {
      const std::string name = "damaged_" + std::to_string(++count);
      INFO(file << " with " << content.size() << " bytes");
      Write(runs.Copy(name) / "checkpoint/latest" / file, content);
      CHECK(runs.Refuses("resume " + name + " --steps 700", {file}));
      // evaluate reads only the policy.
      const bool is_needed =
          file == std::string("networks.safetensors") || file == std::string("state.json");
      if (is_needed) CHECK(runs.Refuses("evaluate " + name, {file}));
      if (!is_needed) CHECK(runs.nabla("evaluate " + name + " --episodes 1").exit_code == 0);
    }
    const std::string name = "missing_" + std::to_string(++count);
    fs::remove(runs.Copy(name) / "checkpoint/latest" / file);
    CHECK(runs.Refuses("resume " + name + " --steps 700", {file}));
  }
}

TEST_CASE("A checkpoint of another task is rejected") {
  const RunFactory runs;
  const struct {
    const char* old;
    const char* now;
    std::vector<std::string> parts;
  } changes[] = {
      {"name: Pendulum-v1", "name: CartPoleContinuous", {"another task", "Pendulum-v1"}},
      {"hidden: [8, 8]", "hidden: [8, 9]", {"networks.safetensors", "actor"}},
      {"hidden: [8, 8]", "hidden: [8]", {"actor"}},
      {"hidden: [8, 8]", "hidden: [8, 8, 8]", {"actor"}},
      {"frame_history: 1", "frame_history: 3", {"another task", "observation_size"}},
  };
  int count = 0;
  for (const auto& change : changes) {
    INFO(change.now);
    const std::string name = "other_" + std::to_string(++count);
    ReplaceIn(runs.Copy(name) / "config.yaml", change.old, change.now);
    CHECK(runs.Refuses("resume " + name + " --steps 700", change.parts));
    CHECK(runs.Refuses("evaluate " + name, change.parts));
  }
  runs.nabla.Succeed("train task.yaml --quiet --run-dir ddpg --set agent.algorithm=DDPG");
  const fs::path algorithm = runs.Copy("algorithm");
  fs::remove_all(algorithm / "checkpoint");
  fs::copy(runs.nabla / "ddpg/checkpoint", algorithm / "checkpoint",
           fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  CHECK(runs.Refuses("resume algorithm --steps 700", {"another task", "\"DDPG\"", "\"TD3\""}));
  CHECK(runs.Refuses("evaluate algorithm", {"another task", "\"DDPG\"", "\"TD3\""}));
  const fs::path lanes = runs.Copy("lanes");
  ReplaceIn(lanes / "config.yaml", "envs: 1 ", "envs: 2 ");
  CHECK(runs.Refuses("resume lanes --steps 700", {"lanes"}));
  const fs::path buffer = runs.Copy("buffer");
  ReplaceIn(buffer / "config.yaml", "buffer_size: 500", "buffer_size: 400");
  CHECK(runs.Refuses("resume buffer --steps 700", {"replay"}));
}

TEST_CASE("Damaged files of a run are rejected") {
  const RunFactory runs;
  Write(runs.Copy("config") / "config.yaml", "agent: {gamma: 3}\nseed: [\n");
  for (const char* line : {"resume config --steps 700", "evaluate config"}) {
    CHECK(runs.Refuses(line, {"config/config.yaml"}));
  }
  Write(runs.Copy("meta") / "meta.json", "{\"status\": ");
  CHECK(runs.Refuses("resume meta --steps 700", {"meta/meta.json is damaged"}));

  fs::remove(runs.Copy("no_progress") / "progress.csv");
  CHECK(runs.Refuses("resume no_progress --steps 700", {"progress.csv is missing"}));
  const fs::path progress = runs.Copy("short") / "progress.csv";
  fs::resize_file(progress, fs::file_size(progress) - 1);
  CHECK(runs.Refuses("resume short --steps 700", {"progress.csv has", "bytes"}));
  ReplaceIn(runs.Copy("columns") / "progress.csv", "return_mean", "mean_return");
  CHECK(runs.Refuses("resume columns --steps 700", {"progress.csv has the columns"}));
  fs::remove(runs.Copy("no_monitor") / "monitor.csv");
  CHECK(runs.Refuses("resume no_monitor --steps 700", {"monitor.csv is missing"}));
  const fs::path monitor = runs.Copy("monitor") / "monitor.csv";
  fs::resize_file(monitor, fs::file_size(monitor) - 1);
  CHECK(runs.Refuses("resume monitor --steps 700", {"monitor.csv has", "bytes"}));
}

}  // namespace
}  // namespace nabla::test
