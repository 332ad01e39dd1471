// Runs a program with given arguments, working folder, environment and limits, and returns its exit
// code and output.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace nabla::test {

struct ProcessOptions {
  std::filesystem::path folder = {};               // working folder; empty: that of the test
  std::optional<rlim_t> file_size_limit = {};      // bytes, RLIMIT_FSIZE
  std::optional<rlim_t> address_space_limit = {};  // bytes, RLIMIT_AS
  bool as_nobody = false;                          // drops the rights of root, if any
  int out = -1;                                    // a descriptor for stdout; -1: captured
};

struct ProcessResult {
  int exit_code = -1;  // −1 if a signal ended it
  int signal = 0;
  std::string out;
  std::string err;
};

class Process {
 public:
  // arguments[0] is the name under which the program is started.
  Process(const std::string& program, const std::vector<std::string>& arguments,
          const ProcessOptions& options = {})
      : out_(Capture()), err_(Capture()) {
    // By descriptor, because the user nobody may not be able to access the path of the program.
    const int binary = ::open(program.c_str(), O_RDONLY | O_CLOEXEC);
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.data()));
    argv.push_back(nullptr);
    int began[2];  // closed by exec: a signal before exec would call the handlers of the test
    if (binary < 0 || ::pipe2(began, O_CLOEXEC) < 0)
      throw std::runtime_error("cannot run " + program);
    pid_ = ::fork();
    if (pid_ == 0) Become(binary, argv, options);
    ::close(binary);
    ::close(began[1]);
    char unused = 0;
    [[maybe_unused]] const auto end = ::read(began[0], &unused, 1);
    ::close(began[0]);
  }
  ~Process() {
    if (pid_ > 0) Signal(SIGKILL), ::waitpid(pid_, nullptr, 0);
    ::close(out_);
    ::close(err_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const { ::kill(pid_, signal); }

  bool IsRunning() const {
    siginfo_t info = {};
    ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid == 0;
  }

  // Waits until `condition` holds. Returns false if the program ends first. Throws after a minute.
  template <class Condition>
  bool WaitUntil(const Condition& condition) const {
    for (int i = 0; i < 60'000; ++i) {
      if (condition()) return true;
      if (!IsRunning()) return condition();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    throw std::runtime_error(
        "timeout: the process has not met the condition within a minute; stderr: " + err());
  }

  // Waits for the end of the program. Throws after a minute.
  ProcessResult Wait() {
    WaitUntil([&] { return !IsRunning(); });
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            WIFSIGNALED(status) ? WTERMSIG(status) : 0, out(), err()};
  }

  // The output so far.
  std::string out() const { return Content(out_); }
  std::string err() const { return Content(err_); }

 private:
  static int Capture() { return ::memfd_create("captured", MFD_CLOEXEC); }

  static std::string Content(int file) {
    struct stat status = {};
    ::fstat(file, &status);
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    if (::pread(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) text = "?";
    return text;
  }

  [[noreturn]] void Become(int binary, std::vector<char*>& argv, const ProcessOptions& options) {
    const auto limit = [](auto which, std::optional<rlim_t> bytes) {
      const rlimit value = {bytes.value_or(0), bytes.value_or(0)};
      return !bytes || ::setrlimit(which, &value) == 0;
    };
    const int null = ::open("/dev/null", O_RDONLY);
    bool good = ::dup2(null, 0) == 0 && ::dup2(options.out >= 0 ? options.out : out_, 1) == 1 &&
                ::dup2(err_, 2) == 2;
    good = good && (options.folder.empty() || ::chdir(options.folder.c_str()) == 0);
    good = good && limit(RLIMIT_FSIZE, options.file_size_limit) &&
           limit(RLIMIT_AS, options.address_space_limit);
    constexpr uid_t kNobody = 65534;
    if (options.as_nobody && ::getuid() == 0) good = good && ::setuid(kNobody) == 0;
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM}) ::signal(signal, SIG_DFL);
    if (good) ::fexecve(binary, argv.data(), environ);
    ::_exit(126);
  }

  int out_;
  int err_;
  pid_t pid_ = -1;
};

inline ProcessResult Run(const std::string& program, const std::vector<std::string>& arguments,
                         const ProcessOptions& options = {}) {
  return Process(program, arguments, options).Wait();
}

}  // namespace nabla::test
