// Helpers for tests of the program: a folder with a small task, running nabla in it, and reading
// the files of a run.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agent/run/run_folder.h"
#include "tests/support/process.h"
#include "tests/support/temp_folder.h"

namespace nabla::test {

// A training of 600 steps that takes milliseconds: tiny networks, all files of a run.
inline constexpr const char* kSmallTask = R"(seed: 7
environment: {name: Pendulum-v1}
agent:
  algorithm: TD3
  actor: {hidden: [8, 8], activation: silu}
  critic: {hidden: [8, 8], activation: silu}
  batch_size: 16
  polyak_rate: 0.02
trainer: {steps: 600, warmup_steps: 50, buffer_size: 500}
evaluation: {every: 200, episodes: 2}
checkpoint: {every: 100, keep_every: 250}
)";

// A folder with task.yaml, in memory if the system has such a file system, where flushing is free.
class Workplace {
 public:
  explicit Workplace(const std::string& task = kSmallTask);

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

  // Runs nabla here. `line` is split at blanks.
  ProcessResult operator()(const std::string& line, ProcessOptions options = {}) const;
  // The same with words that may contain blanks.
  ProcessResult Run(std::vector<std::string> words, ProcessOptions options = {}) const;
  std::unique_ptr<Process> Start(const std::string& line, ProcessOptions options = {}) const;

  // Throws unless the command succeeds.
  ProcessResult Succeed(const std::string& line) const;

 private:
  TempFolder folder_;
};

std::vector<std::string> Words(const std::string& line);
std::vector<std::string> Lines(const std::string& text);

// Everything that is equal for equal seeds: the bits of the checkpoints, progress.csv without
// seconds, the columns r and l of monitor.csv. Two runs are the same if this is.
std::string Fingerprint(const std::filesystem::path& run);

// The rows of a file as fields, the header first, without lines that begin with #.
std::vector<std::vector<std::string>> ReadCsv(const std::filesystem::path& path);

nlohmann::json ReadJson(const std::filesystem::path& path);
std::string Read(const std::filesystem::path& path);
void Write(const std::filesystem::path& path, const std::string& text);

// Every file below `folder` with its content, to check that nothing has changed.
std::vector<std::pair<std::string, std::string>> Snapshot(const std::filesystem::path& folder);

// True if `result` rejects invalid usage or input: exit code 2, nothing on stdout, one line on
// stderr that begins with "nabla: " and contains each of `parts`.
bool IsRefusal(const ProcessResult& result, const std::vector<std::string>& parts);
bool IsFailure(const ProcessResult& result, int exit_code, const std::vector<std::string>& parts);

}  // namespace nabla::test
