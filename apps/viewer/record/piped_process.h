// PipedProcess: a child process with a pipe to its standard input. It is searched in PATH, its
// standard output is discarded, and its standard error becomes the message when it fails. It is in
// a process group of its own, so that Ctrl-C reaches this program only. This program must ignore
// SIGPIPE, so that writing to a process that has ended is an error of write(2).
#pragma once

#include <sys/types.h>

#include <atomic>
#include <span>
#include <string>
#include <vector>

#include "agent/state/file_io.h"
#include "apps/viewer/playback/threads.h"

namespace nabla::viewer {

class PipedProcess {
 public:
  using Files = std::vector<const agent::FileDescriptor*>;

  // arguments[0] is the program. The process opens files[i] under the name NameOf(i), so that no
  // name that a user chose is in its arguments. Write and Finish give up when `stop` is set. Throws
  // std::system_error if the process cannot be started.
  explicit PipedProcess(const std::vector<std::string>& arguments, const Files& files = {},
                        const std::atomic<bool>& stop = never);
  // Kills the process if it is still running.
  ~PipedProcess();
  PipedProcess(const PipedProcess&) = delete;
  PipedProcess& operator=(const PipedProcess&) = delete;

  static std::string NameOf(int i) { return "/dev/fd/" + std::to_string(kFirstFile + i); }

  // Throws std::runtime_error with the last line of standard error if the process has ended, and
  // WorkStopped if it reads nothing and `stop` is set.
  void Write(std::span<const std::byte> bytes);

  // Closes the pipe and waits for the process, for less than a second after `stop` is set. Throws
  // as Write unless the exit code is 0 and standard error is empty: ffmpeg 5 exits with 0 even if
  // it could not write the whole file.
  void Finish();

 private:
  static constexpr int kFirstFile = 3;
  static inline const std::atomic<bool> never = false;

  bool HasEnded() const;
  int Wait();  // returns the status of waitpid(2)
  [[noreturn]] void Fail();

  std::string name_;
  const std::atomic<bool>& stop_;
  agent::FileDescriptor errors_;
  agent::FileDescriptor pipe_;
  pid_t pid_ = -1;
};

// Whether `program` is in PATH.
bool IsOnPath(const std::string& program);

}  // namespace nabla::viewer
