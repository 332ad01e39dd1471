// The program of the drivers without libFuzzer: runs the files, and those in the folders, that it
// is given. ctest calls it with the corpus.
#include <cstdio>
#include <filesystem>
#include <string>

#include "agent/state/file_io.h"
#include "tests/fuzz/driver.h"

namespace nabla::fuzz {
namespace {

namespace fs = std::filesystem;

int Replay(const Driver& driver, const fs::path& path) {
  if (!fs::is_directory(path)) {
    const bool is_accepted = RunInput(driver, agent::ReadFile(path));
    if (!is_accepted && path.filename().string().starts_with("valid")) {
      throw std::runtime_error(path.string() + " is not accepted");
    }
    return 1;
  }
  int count = 0;
  for (const std::string& name : agent::ListFolder(path)) count += Replay(driver, path / name);
  return count;
}

int Main(int argc, char** argv) {
  constexpr std::string_view kDriver = "--driver=";
  const Driver* driver = nullptr;
  int count = 0;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with(kDriver)) {
      driver = &FindDriver(argument.substr(kDriver.size()));
    } else if (driver != nullptr) {
      count += Replay(*driver, argument);
    }
  }
  if (count == 0) {
    std::fprintf(stderr, "usage: nabla_fuzz --driver=NAME FILE|FOLDER...\n");
    return 2;
  }
  std::printf("%s: %d inputs\n", driver->name, count);
  return 0;
}

}  // namespace
}  // namespace nabla::fuzz

int main(int argc, char** argv) {
  try {
    return nabla::fuzz::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nabla_fuzz: %s\n", error.what());
    return 2;
  }
}
