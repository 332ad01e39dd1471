// Compares event files, read with an independent checksum and decoder of protocol buffers, with the
// CSV files of the same run.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

// Episodes of 20 steps: 5 of them between two evaluations and 2 between two checkpoints.
constexpr const char* kTask = R"(seed: 7
environment: {name: Pendulum-v1, step_limit: 20}
agent:
  algorithm: TD3
  actor: {hidden: [8]}
  critic: {hidden: [8]}
  batch_size: 16
trainer: {steps: 2000, warmup_steps: 50, buffer_size: 2500}
evaluation: {every: 100, episodes: 2}
checkpoint: {every: 40}
logging: {tensorboard: true}
)";

// The definition, bit by bit.
std::uint32_t SlowMaskedCrc(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      const bool one = ((crc ^ (static_cast<unsigned char>(byte) >> bit)) & 1) != 0;
      crc = (crc >> 1) ^ (one ? 0x82f63b78 : 0);
    }
  }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
}

template <class T>
T Plain(std::string_view bytes) {
  T value;
  REQUIRE(bytes.size() == sizeof(value));
  std::memcpy(&value, bytes.data(), sizeof(value));
  return value;
}

std::vector<std::string> Records(std::string_view rest) {
  std::vector<std::string> records;
  while (!rest.empty()) {
    REQUIRE(rest.size() >= 16);
    const auto length = Plain<std::uint64_t>(rest.substr(0, 8));
    REQUIRE(rest.size() >= 16 + length);
    const std::string_view data = rest.substr(12, length);
    CHECK(Plain<std::uint32_t>(rest.substr(8, 4)) == SlowMaskedCrc(rest.substr(0, 8)));
    CHECK(Plain<std::uint32_t>(rest.substr(12 + length, 4)) == SlowMaskedCrc(data));
    records.emplace_back(data);
    rest.remove_prefix(16 + length);
  }
  return records;
}

std::uint64_t Varint(std::string_view& rest) {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    REQUIRE(!rest.empty());
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fu} << shift;
    if ((byte & 0x80) == 0) return value;
  }
}

// The fields of a message: number and content, a number as text.
std::multimap<int, std::string> Fields(std::string_view rest) {
  std::multimap<int, std::string> fields;
  while (!rest.empty()) {
    const std::uint64_t key = Varint(rest);
    const int wire = static_cast<int>(key & 7);
    if (wire == 0) {
      fields.emplace(key >> 3, std::to_string(Varint(rest)));
      continue;
    }
    const std::size_t size = wire == 1 ? 8 : wire == 5 ? 4 : Varint(rest);
    REQUIRE(size <= rest.size());
    fields.emplace(key >> 3, rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return fields;
}

std::string One(const std::multimap<int, std::string>& fields, int number) {
  REQUIRE(fields.count(number) <= 1);
  const auto found = fields.find(number);
  return found == fields.end() ? "" : found->second;
}

struct Curves {
  std::map<std::string, std::map<int, float>> values;  // tag, step
  std::vector<std::string> heads;                      // file versions and session starts
};

Curves ReadEvents(const fs::path& run) {
  Curves curves;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(run)) {
    if (entry.path().filename().string().starts_with("events.out.tfevents.")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    for (const std::string& record : Records(Read(file))) {
      const auto event = Fields(record);
      const int step = event.count(2) == 0 ? 0 : std::stoi(One(event, 2));
      CHECK(Plain<double>(One(event, 1)) > 1.7e9);
      if (event.count(3) > 0) curves.heads.push_back(One(event, 3));
      if (event.count(7) > 0) curves.heads.push_back("from " + std::to_string(step));
      const auto summary = Fields(One(event, 5));
      for (const auto& [number, content] : summary) {
        const auto value = Fields(content);
        const bool is_new =
            curves.values[One(value, 1)].emplace(step, Plain<float>(One(value, 2))).second;
        INFO(One(value, 1) << " at step " << step);
        CHECK(is_new);
      }
    }
  }
  return curves;
}

// The values that do not depend on the clock.
std::map<std::string, std::map<int, float>> Repeatable(const fs::path& run) {
  auto values = ReadEvents(run).values;
  CHECK(values.erase("time/fps") == 1);
  CHECK(values.erase("time/time_elapsed") == 1);
  return values;
}

// A column of progress.csv by step, as float.
std::map<int, float> Column(const fs::path& run, const std::string& name, float sign = 1) {
  const auto rows = ReadCsv(run / "progress.csv");
  const auto column = std::find(rows[0].begin(), rows[0].end(), name) - rows[0].begin();
  std::map<int, float> values;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const std::string& cell = rows[i].at(static_cast<std::size_t>(column));
    values[std::stoi(rows[i][0])] = sign * static_cast<float>(std::stod(cell));
  }
  return values;
}

TEST_CASE("Event files contain the curves of the run under the tags of Stable-Baselines3") {
  const Workplace nabla(kTask);
  nabla.Succeed("train task.yaml");
  const fs::path run = nabla / "runs/td3/Pendulum-v1_1";
  const Curves curves = ReadEvents(run);
  CHECK(curves.heads == std::vector<std::string>{"brain.Event:2"});
  const auto at = [&](const std::string& tag) { return curves.values.at(tag); };
  CHECK(at("eval/mean_reward") == Column(run, "return_mean"));
  CHECK(at("eval/mean_ep_length") == Column(run, "length_mean"));
  CHECK(at("train/critic_loss") == Column(run, "critic_loss"));
  CHECK(at("train/actor_loss") == Column(run, "actor_objective", -1));
  CHECK(at("train/n_updates") == Column(run, "updates"));
  // 100 episodes of 20 steps, with a row every four episodes.
  const auto monitor = ReadCsv(run / "monitor.csv");
  REQUIRE(at("rollout/ep_rew_mean").size() == 25);
  double sum = 0;
  for (std::size_t episode = 1; episode <= 40; ++episode) sum += std::stod(monitor[episode][0]);
  CHECK(at("rollout/ep_rew_mean").at(800) == Approx(sum / 40).epsilon(1e-6));
  CHECK(at("rollout/ep_len_mean").at(800) == 20);
  CHECK(at("time/episodes").at(800) == 40);
  CHECK(at("time/total_timesteps").at(800) == 800);
  CHECK(at("time/fps").at(800) > 0);
}

TEST_CASE("A run that was killed and resumed has every row once") {
  const Workplace nabla(kTask);
  nabla.Succeed("train task.yaml --run-dir whole --steps 6000 --quiet");
  {
    const auto killed = nabla.Start("train task.yaml --run-dir cut --steps 6000 --quiet");
    REQUIRE(killed->WaitUntil([&] {
      std::error_code error;
      const std::string latest = fs::read_symlink(nabla / "cut/checkpoint/latest", error).string();
      return !error && latest != "step_0" && latest != "step_40";
    }));
    killed->Signal(SIGKILL);
    killed->Wait();
  }
  // A record that is incomplete because of the kill.
  const fs::path first = nabla / "cut/events.out.tfevents.1000000";
  Write(first, Read(first) + "\x20");
  nabla.Succeed("resume cut --steps 6000 --quiet");
  CHECK(Repeatable(nabla / "cut") == Repeatable(nabla / "whole"));
  CHECK(ReadEvents(nabla / "cut").heads.size() == 3);
}

TEST_CASE("A longer run does not contain the evaluation at the end of a shorter one") {
  const Workplace nabla(kTask);
  nabla.Succeed("train task.yaml --run-dir long --quiet");
  nabla.Succeed("train task.yaml --run-dir short --steps 450 --quiet");
  CHECK(Repeatable(nabla / "short").at("eval/mean_reward").contains(450));
  nabla.Succeed("resume short --steps 2000 --quiet");
  CHECK(Repeatable(nabla / "short") == Repeatable(nabla / "long"));
  CHECK(ReadEvents(nabla / "short").heads ==
        std::vector<std::string>{"brain.Event:2", "brain.Event:2", "from 451"});
}

TEST_CASE("A run is the same with and without event files") {
  const Workplace nabla(kTask);
  nabla.Succeed("train task.yaml --run-dir with --quiet");
  nabla.Succeed("train task.yaml --run-dir without --quiet --set logging.tensorboard=false");
  CHECK(Fingerprint(nabla / "with") == Fingerprint(nabla / "without"));
}

}  // namespace
}  // namespace nabla::test
