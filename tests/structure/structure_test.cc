// The source tree keeps the rules, and the lists that are written twice agree.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "agent/version.h"
#include "tests/structure/rules.h"
#include "tests/support/catch.h"

namespace nabla::structure {
namespace {

namespace fs = std::filesystem;

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

// .git, .cache and build trees, wherever they are.
bool IsForeign(const fs::path& folder) {
  return folder.filename().string().starts_with('.') || folder.filename() == "build" ||
         fs::exists(folder / "CMakeCache.txt");
}

// Relative to the root of the sources.
std::vector<std::string> SourceFiles() {
  const fs::path root = NABLA_SOURCE_DIR;
  std::vector<std::string> files;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::end(it); ++it) {
    const fs::path& path = it->path();
    if (it->is_directory()) {
      if (IsForeign(path)) it.disable_recursion_pending();
    } else if (path.extension() == ".h" || path.extension() == ".cc") {
      files.push_back(path.lexically_relative(root).generic_string());
    }
  }
  return files;
}

TEST_CASE("structure: every source file keeps the rules") {
  const auto files = SourceFiles();
  CHECK(files.size() > 10);  // the walk has found the tree
  std::string violations;
  for (const std::string& file : files) {
    for (const std::string& violation : Check(file, Read(fs::path(NABLA_SOURCE_DIR) / file))) {
      violations += violation + "\n";
    }
  }
  CHECK(violations == "");
}

TEST_CASE("structure: docs/setup.md names the packages that the launcher installs") {
  std::istringstream launcher(Read(NABLA_SOURCE_DIR "/nabla"));
  const std::string setup = Read(NABLA_SOURCE_DIR "/docs/setup.md");
  REQUIRE(setup.find("## Packages") != std::string::npos);
  std::string line;
  while (std::getline(launcher, line) && line != "readonly PACKAGES='") {
  }
  std::set<std::string> installed;
  while (std::getline(launcher, line) && line != "'") {
    std::istringstream row(line);
    std::string group, package;
    row >> group >> package;
    installed.insert(package);
  }
  CHECK(installed.contains("g++"));

  std::set<std::string> documented;  // rows "| `package` | ..."
  std::istringstream lines(setup.substr(setup.find("## Packages")));
  std::getline(lines, line);
  while (std::getline(lines, line) && !line.starts_with("## ")) {
    if (line.starts_with("| `")) documented.insert(line.substr(3, line.find('`', 3) - 3));
  }
  CHECK(documented == installed);
}

TEST_CASE("structure: the version of the build is filled in") {
  for (const char* text : {version::Version(), version::Commit(), version::Compiler(),
                           version::Flags(), version::BuildType()}) {
    CHECK(std::string(text).size() > 0);
    CHECK(std::string(text).find_first_of("@$") == std::string::npos);
  }
}

}  // namespace
}  // namespace nabla::structure
