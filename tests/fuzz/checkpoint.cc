// Checkpoint folders: state.json and the tensor files, restored into a trainer that then goes on.
//
// The lines of the input edit a valid checkpoint (json_edits.h), of which there is one for each
// task below, and
//
//   task 1                              chooses the task; the first by default
//   bytes replay.safetensors 100 ff00   overwrites bytes of a file from an offset on
//   cut replay.safetensors 100          shortens a file
//   stale                               leaves the checksums as they were
//
// Checksums are those of the edited content. Input that edits nothing is the text of state.json.
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/run/checkpoint.h"
#include "agent/run/saved_policy.h"
#include "agent/state/state_files.h"
#include "agent/training/trainer.h"
#include "config/config.h"
#include "tests/fuzz/driver.h"
#include "tests/fuzz/json_edits.h"

namespace nabla::fuzz {
namespace {

using Json = nlohmann::json;
using agent::TaskConfig;
using agent::Trainer;
namespace fs = std::filesystem;

constexpr const char* kStateFile = "state.json";
constexpr int kSteps = 40;     // of the training before the checkpoint
constexpr int kMoreSteps = 2;  // after it

constexpr std::array<const char*, 3> kTasks = {
    R"(environment: {name: Pendulum-v1, frame_history: 2, action_delay: 1}
agent: {algorithm: TD3, actor: {hidden: [3]}, critic: {hidden: [3]}, batch_size: 4,
        exploration: {noise: ornstein_uhlenbeck, sigma: 0.1}}
trainer: {steps: 100, warmup_steps: 10, buffer_size: 16, step_limit: 10}
)",
    R"(environment: {name: CartPoleSwingup}
agent: {algorithm: SAC, actor: {hidden: [3]}, critic: {hidden: [3]}, batch_size: 4}
trainer: {steps: 100, warmup_steps: 10, buffer_size: 32, envs: 2, n_step: 3, step_limit: 7,
          normalize_observations: true, priority: {alpha: 0.6}}
)",
    R"(environment: {name: DoubleIntegrator}
agent: {algorithm: TQC, actor: {hidden: [3]}, critic: {hidden: [3]}, batch_size: 4}
trainer: {steps: 100, warmup_steps: 10, buffer_size: 16, step_limit: 10, updates_per_step: 0.5}
)"};

// A checkpoint in memory, and the folder on which inputs are tried.
struct Checkpoint {
  TaskConfig config;
  fs::path folder;
  Json state;
  std::map<std::string, std::string> files;  // the tensor files
  bool files_are_whole = false;              // on the disk
};

agent::Workers& OneThread() {
  static agent::Workers workers(1);
  return workers;
}

Checkpoint MakeCheckpoint(std::size_t task) {
  Checkpoint made;
  made.config = config::ReadText<TaskConfig>(kTasks[task], "task " + std::to_string(task));
  Trainer trainer(made.config, OneThread());
  while (trainer.step() < kSteps) trainer.Step();
  const fs::path root = Scratch() / ("checkpoint_" + std::to_string(task));
  agent::CheckpointStore store(root, agent::CheckpointStore::Access::kWrite);
  store.Write(
      agent::CheckpointKind::kLatest, trainer.step(),
      [&](const agent::StateArchive& archive) { trainer.Serialize(archive); },
      agent::CheckpointMetadata(made.config, trainer.environment().spec()));
  made.folder = fs::canonical(root / "latest");
  made.state = Json::parse(agent::ReadFile(made.folder / kStateFile));
  for (const auto& [name, record] : made.state["files"].items()) {
    made.files[name] = agent::ReadFile(made.folder / name);
  }
  return made;
}

std::vector<Checkpoint>& Checkpoints() {
  static std::vector<Checkpoint> all = [] {
    std::vector<Checkpoint> made;
    for (std::size_t i = 0; i < kTasks.size(); ++i) made.push_back(MakeCheckpoint(i));
    return made;
  }();
  return all;
}

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    const std::string_view digits = "0123456789abcdef";
    const std::size_t high = digits.find(hex[i]), low = digits.find(hex[i + 1]);
    if (high > 15 || low > 15) break;
    bytes += static_cast<char>(16 * high + low);
  }
  return bytes;
}

// A line that changes a tensor file.
bool EditFile(std::string_view line, std::map<std::string, std::string>& files) {
  const std::vector<std::string_view> words = Words(line);
  if (words.size() < 3) return false;
  const auto file = files.find(std::string(words[1]));
  if (file == files.end()) return false;
  std::string& content = file->second;
  const std::size_t offset = NumberIn(words[2]) % (content.size() + 1);
  if (words[0] == "cut") {
    content.resize(offset);
    return true;
  }
  if (words[0] != "bytes" || words.size() < 4) return false;
  const std::string bytes = FromHex(words[3]).substr(0, content.size() - offset);
  content.replace(offset, bytes.size(), bytes);
  return true;
}

void MendChecksums(const std::map<std::string, std::string>& files, Json& state) {
  if (!state.is_object()) return;
  Json& records = state["files"];
  for (const auto& [name, content] : files) {
    if (!records.is_object() || !records.contains(name) || !records[name].is_object()) continue;
    agent::Checksum checksum;
    checksum.Add(agent::BytesOf(content));
    records[name] = {{"bytes", content.size()}, {"xxh64", agent::ToHex(checksum.Value())}};
  }
  if (!HasNestedList(state)) state["xxh64"] = agent::ChecksumOf(state);
}

// Puts the edited checkpoint on the disk.
void WriteEdited(std::string_view input, Checkpoint& base) {
  Json state = base.state;
  std::map<std::string, std::string> files = base.files;
  bool is_edited = false, has_files = false, is_stale = false;
  for (const std::string_view line : Lines(input)) {
    is_stale |= line == "stale";
    const bool in_file = EditFile(line, files);
    has_files |= in_file;
    is_edited |= in_file || ApplyEdit(line, state);
  }
  if (is_edited && !is_stale) MendChecksums(files, state);
  WriteScratch(base.folder / kStateFile, is_edited ? ToText(state) : std::string(input));
  if (!has_files && base.files_are_whole) return;
  for (const auto& [name, content] : files) WriteScratch(base.folder / name, content);
  base.files_are_whole = !has_files;
}

void RestoreAndTrain(const Checkpoint& checkpoint) {
  Trainer trainer(checkpoint.config, OneThread());
  agent::StateLoader loader(checkpoint.folder);
  agent::RequireSameTask(loader, checkpoint.config, trainer.environment().spec());
  const auto serialize = [&](const agent::StateArchive& archive) { trainer.Serialize(archive); };
  loader.Restore(serialize);
  agent::RequireFinite(loader, serialize);
  for (int i = 0; i < kMoreSteps; ++i) trainer.Step();
  agent::StateSaver saver(/*policy_only=*/false);
  serialize(agent::StateArchive(saver));
}

}  // namespace

std::span<const Json> CheckpointDocuments() {
  static const std::vector<Json> documents = [] {
    std::vector<Json> all;
    for (const Checkpoint& checkpoint : Checkpoints()) all.push_back(checkpoint.state);
    return all;
  }();
  return documents;
}

bool RunCheckpoint(std::string_view input) {
  std::size_t task = 0;
  for (const std::string_view line : Lines(input)) {
    if (line.starts_with("task ")) task = NumberIn(line.substr(5)) % kTasks.size();
  }
  Checkpoint& checkpoint = Checkpoints()[task];
  WriteEdited(input, checkpoint);
  return Accepts([&] { RestoreAndTrain(checkpoint); });
}

}  // namespace nabla::fuzz
