#include "apps/viewer/record/piped_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

extern char** environ;

namespace nabla::viewer {
namespace {

// A file without a name, for the standard error of the process.
agent::FileDescriptor UnnamedFile() {
  return {std::filesystem::temp_directory_path(), O_TMPFILE | O_RDWR, "write to"};
}

std::string LastLine(int file) {
  std::string text;
  std::array<char, 4096> part;
  ::lseek(file, 0, SEEK_SET);
  for (ssize_t n = 0; (n = ::read(file, part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(n));
  }
  std::istringstream lines(text);
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

}  // namespace

IgnoreSigpipe::IgnoreSigpipe() {
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before_);
}

IgnoreSigpipe::~IgnoreSigpipe() { ::sigaction(SIGPIPE, &before_, nullptr); }

PipedProcess::PipedProcess(const std::vector<std::string>& arguments)
    : name_(arguments.at(0)), errors_(UnnamedFile()) {
  agent::Pipe pipe;
  pipe_ = std::move(pipe.write_end);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.data()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, pipe.read_end.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, errors_.get(), STDERR_FILENO);
  const int error = ::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error == 0) return;
  pid_ = -1;
  throw std::system_error(error, std::generic_category(), "cannot start " + name_);
}

PipedProcess::~PipedProcess() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  Wait();
}

void PipedProcess::Write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(pipe_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) Fail();
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void PipedProcess::Finish() {
  pipe_.Close();
  if (Wait() != 0 || !LastLine(errors_.get()).empty()) Fail();
}

int PipedProcess::Wait() { return agent::WaitForProcess(std::exchange(pid_, -1)); }

void PipedProcess::Fail() {
  int status = 0;
  if (pid_ >= 0) {
    pipe_.Close();
    status = Wait();
  }
  std::string reason = LastLine(errors_.get());
  if (reason.empty() && WIFSIGNALED(status)) reason = ::strsignal(WTERMSIG(status));
  if (reason.empty()) reason = "it exited early";
  throw std::runtime_error(name_ + " failed: " + reason);
}

bool IsOnPath(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const auto file = std::filesystem::path(folder.empty() ? "." : folder) / program;
    if (::access(file.c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace nabla::viewer
