// Fixtures for the tests of experiments: a task that trains in a moment, a folder for it, and the
// program as a user runs it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/temp_folder.h"

namespace nabla::experiment {

// A temporary folder with the task file tiny.yaml (600 steps of Pendulum, networks of 8 units).
class Bench {
 public:
  Bench();

  const std::filesystem::path& path() const { return folder_.path(); }
  std::filesystem::path operator/(const std::string& name) const { return path() / name; }
  void Write(const std::string& name, const std::string& text) const;
  std::string Read(const std::string& name) const;

 private:
  test::TempFolder folder_;
};

// An experiment of two configurations and two seeds.
inline constexpr const char* kTwoByTwo =
    "base: tiny.yaml\n"
    "seeds: 0-1\n"
    "configurations: {TD3: {}, slow: {agent.polyak_rate: 0.001}}\n";

struct Ended {
  int code = 0;        // 128 + the signal's number if one ended it
  std::string output;  // stdout and stderr
};

// A process of the program, started in `folder`.
class Program {
 public:
  Program(const std::filesystem::path& folder, std::vector<std::string> arguments,
          std::string program = NABLA_PROGRAM);
  ~Program();  // kills the process if it still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t process() const { return process_; }
  void Signal(int signal) const;
  Ended Wait();

 private:
  std::filesystem::path output_;
  pid_t process_ = -1;
};

Ended Nabla(const std::filesystem::path& folder, std::vector<std::string> arguments);

// Waits until `condition` holds; returns false after half a minute.
template <class Condition>
bool Eventually(const Condition& condition);

void Pause();  // a few milliseconds

template <class Condition>
bool Eventually(const Condition& condition) {
  for (int i = 0; i < 6000; ++i) {
    if (condition()) return true;
    Pause();
  }
  return false;
}

// The results of a run without times: a digest of its checkpoint without the wall-clock entries,
// and progress.csv without its column of seconds.
std::string Outcome(const std::filesystem::path& run);

// A CSV text without the columns of seconds.
std::string WithoutSeconds(const std::string& csv);

}  // namespace nabla::experiment
