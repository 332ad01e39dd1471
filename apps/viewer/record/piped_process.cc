#include "apps/viewer/record/piped_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
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

constexpr int kPollPeriod = 20;  // ms
constexpr int kPatience = 700;   // ms, to finish a file after a request to stop

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

PipedProcess::PipedProcess(const std::vector<std::string>& arguments, const Files& files,
                           const std::atomic<bool>& stop)
    : name_(arguments.at(0)), stop_(stop), errors_(::memfd_create("errors", MFD_CLOEXEC)) {
  agent::Pipe pipe;
  pipe_ = std::move(pipe.write_end);
  ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);  // Write waits with poll(2)
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.data()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, pipe.read_end.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, errors_.get(), STDERR_FILENO);
  std::vector<agent::FileDescriptor> copies;  // above the numbers that become those of the files
  for (std::size_t i = 0; i < files.size(); ++i) {
    const int target = kFirstFile + static_cast<int>(i);
    copies.emplace_back(
        ::fcntl(files[i]->get(), F_DUPFD_CLOEXEC, kFirstFile + static_cast<int>(files.size())));
    ::posix_spawn_file_actions_adddup2(&actions, copies.back().get(), target);
  }
  sigset_t defaults;
  ::sigemptyset(&defaults);
  ::sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  const int error = ::posix_spawnp(&pid_, argv[0], &actions, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
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
    pollfd ready = {.fd = pipe_.get(), .events = POLLOUT, .revents = 0};
    if (::poll(&ready, 1, kPollPeriod) <= 0) {
      if (stop_) throw WorkStopped();
      continue;
    }
    const ssize_t n = ::write(pipe_.get(), bytes.data(), bytes.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n < 0) Fail();
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void PipedProcess::Finish() {
  pipe_.Close();
  for (int left = kPatience; !HasEnded(); ::poll(nullptr, 0, kPollPeriod)) {
    if (stop_ && (left -= kPollPeriod) < 0) throw WorkStopped();
  }
  if (Wait() != 0 || !LastLine(errors_.get()).empty()) Fail();
}

// Leaves the status of the process for Wait.
bool PipedProcess::HasEnded() const {
  siginfo_t info = {};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
    return info.si_pid != 0;
  }
  return errno != EINTR;
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
