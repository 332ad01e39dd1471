#include "tests/apps/experiment/fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include "agent/run/checkpoint.h"
#include "agent/run/run_folder.h"
#include "agent/state/file_io.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTask = R"(environment: {name: Pendulum-v1}
agent:
  algorithm: TD3
  actor: {hidden: [8]}
  critic: {hidden: [8]}
  batch_size: 16
trainer: {steps: 600, warmup_steps: 100, buffer_size: 1000}
evaluation: {every: 150, episodes: 2}
checkpoint: {every: 200}
)";

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
  return cells;
}

}  // namespace

Bench::Bench() { Write("tiny.yaml", kTask); }

void Bench::Write(const std::string& name, const std::string& text) const {
  std::ofstream file(path() / name, std::ios::binary);
  file << text;
}

std::string Bench::Read(const std::string& name) const { return agent::ReadFile(path() / name); }

Program::Program(const fs::path& folder, std::vector<std::string> arguments, std::string program) {
  std::string name = (folder / ".output_XXXXXX").string();
  const int output = ::mkstemp(name.data());
  output_ = name;
  process_ = ::fork();
  if (process_ == 0) {
    std::vector<char*> argv = {program.data()};
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::dup2(output, 1);
    ::dup2(output, 2);
    if (::chdir(folder.c_str()) == 0) ::execv(program.c_str(), argv.data());
    ::_exit(127);
  }
  ::close(output);
}

Program::~Program() {
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

void Program::Signal(int signal) const { ::kill(process_, signal); }

Ended Program::Wait() {
  int status = 0;
  ::waitpid(process_, &status, 0);
  process_ = -1;
  const int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return {code, agent::ReadFile(output_)};
}

Ended Nabla(const fs::path& folder, std::vector<std::string> arguments) {
  return Program(folder, std::move(arguments)).Wait();
}

void Pause() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

std::string WithoutSeconds(const std::string& csv) {
  std::istringstream in(csv);
  std::string line, text;
  std::getline(in, line);
  const std::vector<std::string> header = Cells(line);
  for (; in; std::getline(in, line)) {
    const std::vector<std::string> cells = Cells(line);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i >= header.size() || !header[i].starts_with("seconds")) text += cells[i] + ",";
    }
    text += "\n";
  }
  return text;
}

std::string Outcome(const fs::path& run) {
  const agent::RunPaths paths{run};
  const agent::CheckpointStore store(paths.checkpoint(), agent::CheckpointStore::Access::kRead);
  return store.Open("latest").Digest() + "\n" + WithoutSeconds(agent::ReadFile(paths.progress()));
}

}  // namespace nabla::experiment
