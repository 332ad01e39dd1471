// PipedProcess: a program that reads from us. It is found on PATH, its standard output goes
// nowhere, and what it writes to standard error is kept for the message when it fails.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <span>
#include <string>
#include <vector>

#include "agent/state/file_io.h"

namespace nabla::viewer {

// Writing to a reader that has gone is an error of the write call while one of these lives.
class NoPipeSignal {
 public:
  NoPipeSignal();
  ~NoPipeSignal();
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  struct sigaction before_ = {};
};

class PipedProcess {
 public:
  // arguments[0] is the program. Throws std::system_error if it cannot be started.
  explicit PipedProcess(const std::vector<std::string>& arguments);
  // Kills what is still running.
  ~PipedProcess();
  PipedProcess(const PipedProcess&) = delete;
  PipedProcess& operator=(const PipedProcess&) = delete;

  // Throws std::runtime_error with what the program said if it has ended.
  void Write(std::span<const std::byte> bytes);

  // Closes the pipe and waits for the end. Throws as Write unless the program ends with 0 and has
  // said nothing: ffmpeg 5 ends with 0 although it could not write all of a file.
  void Finish();

 private:
  int Wait();  // the status of waitpid
  [[noreturn]] void Fail();

  NoPipeSignal no_signal_;
  std::string name_;
  agent::FileDescriptor errors_;
  int pipe_ = -1;
  pid_t pid_ = -1;
};

// Whether a program of this name can be started.
bool IsOnPath(const std::string& program);

}  // namespace nabla::viewer
