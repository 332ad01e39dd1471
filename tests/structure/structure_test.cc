// The source tree keeps the rules, and the lists that are written twice agree.
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "agent/run/version.h"
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

// The names of all test cases below a folder of tests/.
std::set<std::string> TestNames(const char* folder) {
  std::set<std::string> names;
  const std::regex test_case("TEST_CASE\\(\\s*\"([^\"]*)\"");
  for (const auto& file :
       fs::recursive_directory_iterator(fs::path(NABLA_SOURCE_DIR) / "tests" / folder)) {
    if (file.path().extension() != ".cc") continue;
    const std::string text = Read(file);
    for (std::sregex_iterator it(text.begin(), text.end(), test_case), end; it != end; ++it) {
      names.insert((*it)[1]);
    }
  }
  return names;
}

TEST_CASE("structure: every formula of nn/README.md names a test that exists") {
  const std::set<std::string> tests = TestNames("nn");
  REQUIRE(tests.size() > 20);
  std::istringstream lines(Read(NABLA_SOURCE_DIR "/nn/README.md"));
  int formulas = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ") || line.ends_with("| test |")) continue;
    INFO(line);
    REQUIRE(line.ends_with("` |"));
    const std::size_t start = line.rfind("| `") + 3;
    CHECK(tests.contains(line.substr(start, line.size() - start - 3)));
    ++formulas;
  }
  CHECK(formulas >= 20);
}

TEST_CASE("structure: every detail of docs/rl-details.md names tests that exist, or says why not") {
  std::set<std::string> tests;
  for (const char* folder : {"agent", "apps", "envs", "nn"}) tests.merge(TestNames(folder));
  std::istringstream lines(Read(NABLA_SOURCE_DIR "/docs/rl-details.md"));
  const std::regex quoted("`([^`]*)`");
  int details = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| " + std::to_string(details + 1) + " | ")) continue;
    INFO(line);
    ++details;
    const std::string named = line.substr(line.rfind(" | ") + 2);
    const std::sregex_iterator first(named.begin(), named.end(), quoted), end;
    CHECK((first != end || line.find("Does not apply: ") != std::string::npos));
    for (auto it = first; it != end; ++it) CHECK(tests.contains((*it)[1]));
  }
  CHECK(details == 32);
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
