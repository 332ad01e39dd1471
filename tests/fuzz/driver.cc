#include "tests/fuzz/driver.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <system_error>

#include "agent/state/file_io.h"
#include "tests/fuzz/path_guard.h"

namespace nabla::fuzz {
namespace fs = std::filesystem;
namespace {

constexpr std::array<Driver, 9> kDrivers = {{
    {"task", RunTask, nullptr},
    {"experiment", RunExperiment, nullptr},
    {"plan", RunPlan, PlanDocuments},
    {"checkpoint", RunCheckpoint, CheckpointDocuments},
    {"unit", RunUnit, UnitDocuments},
    {"csv", RunCsv, nullptr},
    {"safetensors", RunSafetensors, nullptr},
    {"set", RunOverrides, nullptr},
    {"state", RunNumbers, nullptr},
}};

struct ScratchFolder {
  fs::path path;

  ScratchFolder() {
    std::error_code error;
    const bool has_memory = fs::is_directory("/dev/shm", error);
    std::string name =
        (has_memory ? fs::path("/dev/shm") : fs::temp_directory_path()) / "nabla_fuzz_XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot create " + name);
    path = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
};

std::string_view present;  // the input that is tried

void CheckMessage(const std::string& message) {
  Require(!message.empty(), "an error without a message");
  Require(message.find('\n') == std::string::npos, "a message of several lines: " + message);
  for (const char* library :
       {"json.exception", "yaml-cpp", "basic_string", "vector::", "map::at"}) {
    const bool is_quoted = present.find(library) != std::string_view::npos;
    Require(is_quoted || message.find(library) == std::string::npos,
            "the text of a library: " + message);
  }
}

}  // namespace

std::span<const Driver> Drivers() { return kDrivers; }

const Driver& FindDriver(std::string_view name) {
  std::string names;
  for (const Driver& driver : kDrivers) {
    if (name == driver.name) return driver;
    names += (names.empty() ? "" : ", ") + std::string(driver.name);
  }
  throw std::invalid_argument("no driver '" + std::string(name) + "'; drivers: " + names);
}

bool RunInput(const Driver& driver, std::string_view input) {
  try {
    present = input;
    const PathGuard guard(Scratch());
    return driver.run(input);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", driver.name, error.what());
    std::abort();
  }
}

void Require(bool condition, const std::string& what) {
  if (!condition) throw Finding(what);
}

bool Accepts(const std::function<void()>& read) {
  try {
    read();
    return true;
  } catch (const Finding&) {
    throw;
  } catch (const std::invalid_argument& error) {  // InputError is one
    CheckMessage(error.what());
  } catch (const std::system_error&) {
    throw;
  } catch (
      const std::runtime_error& error) {  // config::Error, IoError, Divergence, of environments
    CheckMessage(error.what());
  }
  return false;
}

const fs::path& Scratch() {
  static const ScratchFolder folder;
  return folder.path;
}

void WriteScratch(const fs::path& path, std::string_view content) {
  const agent::FileDescriptor file(path, O_WRONLY | O_CREAT | O_TRUNC, "create");
  file.Write(agent::BytesOf(content));
}

}  // namespace nabla::fuzz
