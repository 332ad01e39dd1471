// PipedProcess: a child process with a pipe to its standard input. It is searched in PATH, its
// standard output is discarded, and its standard error becomes the message when it fails.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <span>
#include <string>
#include <vector>

#include "agent/state/file_io.h"

namespace nabla::viewer {

// Ignores SIGPIPE during its lifetime: writing to a closed pipe is then an error of the write call.
class IgnoreSigpipe {
 public:
  IgnoreSigpipe();
  ~IgnoreSigpipe();
  IgnoreSigpipe(const IgnoreSigpipe&) = delete;
  IgnoreSigpipe& operator=(const IgnoreSigpipe&) = delete;

 private:
  struct sigaction before_ = {};
};

class PipedProcess {
 public:
  // arguments[0] is the program. Throws std::system_error if it cannot be started.
  explicit PipedProcess(const std::vector<std::string>& arguments);
  // Kills the process if it is still running.
  ~PipedProcess();
  PipedProcess(const PipedProcess&) = delete;
  PipedProcess& operator=(const PipedProcess&) = delete;

  // Throws std::runtime_error with the last line of standard error if the process has ended.
  void Write(std::span<const std::byte> bytes);

  // Closes the pipe and waits for the process. Throws as Write unless the exit code is 0 and
  // standard error is empty: ffmpeg 5 exits with 0 even if it could not write the whole file.
  void Finish();

 private:
  int Wait();  // returns the status of waitpid(2)
  [[noreturn]] void Fail();

  IgnoreSigpipe ignore_sigpipe_;
  std::string name_;
  agent::FileDescriptor errors_;
  agent::FileDescriptor pipe_;
  pid_t pid_ = -1;
};

// Whether `program` is in PATH.
bool IsOnPath(const std::string& program);

}  // namespace nabla::viewer
