#include "tests/structure/rules.h"

#include <algorithm>

namespace nabla::structure {
namespace {

using Names = std::vector<std::string_view>;

// Who may know what. The row with the longest fitting beginning of the path counts. `own` are
// beginnings of our own headers, `libraries` are names of the table below.
struct Folder {
  std::string_view path;
  Names own;
  Names libraries;
};

const std::vector<Folder>& Folders() {
  static const Names everything = {"nn/", "envs/", "agent/", "config/", "apps/"};
  static const Names everything_and_tests = {"nn/",     "envs/", "agent/",
                                             "config/", "apps/", "tests/"};
  static const std::vector<Folder> table = {
      {"nn/", {"nn/"}, {"std", "Eigen", "intrinsics"}},
      {"envs/", {"envs/"}, {"std", "Eigen"}},
      {"agent/", {"agent/", "nn/", "envs/"}, {"std", "posix", "Eigen", "nlohmann", "xxhash"}},
      {"config/", {"config/"}, {"std", "yaml-cpp"}},
      {"apps/", everything, {"std", "posix", "Eigen", "yaml-cpp", "nlohmann", "spdlog", "CLI11"}},
      {"apps/viewer/",
       everything,
       {"std", "posix", "Eigen", "nlohmann", "spdlog", "CLI11", "SFML", "cairo"}},
      {"apps/experiment/",
       everything,
       {"std", "posix", "Eigen", "yaml-cpp", "nlohmann", "spdlog", "CLI11", "MPI", "gnuplot"}},
      {"apps/tensorboard/", {"agent/", "apps/tensorboard/"}, {"std", "posix"}},
      {"tests/", everything_and_tests, {"std", "posix", "Eigen", "yaml-cpp", "nlohmann"}},
      {"tests/support/",
       everything_and_tests,
       {"std", "posix", "Eigen", "yaml-cpp", "nlohmann", "Catch2"}},
      {"docs/examples/", {"nn/", "envs/", "agent/", "config/"}, {"std", "Eigen"}},
      {"benchmarks/statistics.cc", {"apps/experiment/statistics/", "envs/"}, {"std", "benchmark"}},
      {"benchmarks/viewer.cc", {"apps/viewer/", "tests/apps/viewer/"}, {"std", "benchmark"}},
      {"benchmarks/",
       {"nn/", "envs/", "agent/", "config/", "benchmarks/"},
       {"std", "posix", "Eigen", "benchmark"}},
  };
  return table;
}

// How the headers of a library begin. "std" is any header without '/' and '.'.
struct Library {
  std::string_view name;
  Names headers;
};

const std::vector<Library>& Libraries() {
  static const std::vector<Library> table = {
      {"Eigen", {"Eigen/", "unsupported/Eigen/"}},
      {"intrinsics", {"immintrin.h", "xmmintrin.h"}},
      {"nlohmann", {"nlohmann/"}},
      {"yaml-cpp", {"yaml-cpp/"}},
      {"spdlog", {"spdlog/"}},
      {"xxhash", {"xxhash.h"}},
      {"CLI11", {"CLI/"}},
      {"SFML", {"SFML/"}},
      {"cairo", {"cairo.h", "cairo-svg.h", "fontconfig/"}},
      {"MPI", {"mpi.h"}},
      {"gnuplot", {"gnuplot"}},
      {"Catch2", {"catch2/"}},
      {"benchmark", {"benchmark/"}},
      {"posix",
       {"sys/", "unistd.h", "fcntl.h", "signal.h", "pthread.h", "sched.h", "poll.h", "time.h",
        "dirent.h", "spawn.h", "termios.h", "malloc.h", "dlfcn.h", "cpuid.h"}},
  };
  return table;
}

bool BeginsWithAnyOf(std::string_view text, const Names& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [text](std::string_view beginning) { return text.starts_with(beginning); });
}

const Folder* FolderOf(std::string_view path) {
  const Folder* best = nullptr;
  for (const Folder& folder : Folders()) {
    if (path.starts_with(folder.path) && (!best || folder.path.size() > best->path.size())) {
      best = &folder;
    }
  }
  return best;
}

// "" for a header that the table does not know.
std::string_view LibraryOf(std::string_view header) {
  if (header.find_first_of("./") == std::string_view::npos) return "std";
  for (const Library& library : Libraries()) {
    if (BeginsWithAnyOf(header, library.headers)) return library.name;
  }
  return "";
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string_view SkipSpaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

// What follows "#include" on the line, "" if it is no such line.
std::string_view Included(std::string_view line) {
  line = SkipSpaces(line);
  if (!line.starts_with('#')) return "";
  line = SkipSpaces(line.substr(1));
  constexpr std::string_view kInclude = "include";
  return line.starts_with(kInclude) ? SkipSpaces(line.substr(kInclude.size())) : "";
}

std::string Why(const Folder& folder, std::string_view included) {
  const char open = included.front();
  const std::size_t end = included.find(open == '<' ? '>' : '"', 1);
  if ((open != '<' && open != '"') || end == std::string_view::npos) {
    return "an #include that names no file: " + std::string(included);
  }
  const std::string_view header = included.substr(1, end - 1);
  if (open == '"') {
    const bool roundabout = header.find("..") != std::string_view::npos;
    if (BeginsWithAnyOf(header, folder.own) && !roundabout) return "";
    return std::string(folder.path) + " must not know \"" + std::string(header) + "\"";
  }
  const std::string_view library = LibraryOf(header);
  if (library.empty()) {
    return "<" + std::string(header) + "> is not in the table of libraries (tests/structure)";
  }
  if (std::find(folder.libraries.begin(), folder.libraries.end(), library) !=
      folder.libraries.end()) {
    return "";
  }
  return std::string(folder.path) + " must not know " + std::string(library) + " (<" +
         std::string(header) + ">)";
}

}  // namespace

Violations CheckIncludes(std::string_view path, std::string_view text) {
  const Folder* folder = FolderOf(path);
  if (!folder) return {std::string(path) + ": its folder is not in the table (tests/structure)"};
  Violations violations;
  int number = 0;
  for (const std::string_view line : Lines(text)) {
    ++number;
    const std::string_view included = Included(line);
    if (included.empty()) continue;
    const std::string why = Why(*folder, included);
    if (!why.empty()) {
      violations.push_back(std::string(path) + ":" + std::to_string(number) + ": " + why);
    }
  }
  return violations;
}

Violations CheckPragmaOnce(std::string_view path, std::string_view text) {
  if (!path.ends_with(".h")) return {};
  const auto lines = Lines(text);
  if (std::find(lines.begin(), lines.end(), "#pragma once") != lines.end()) return {};
  return {std::string(path) + ": a header without #pragma once"};
}

Violations CheckLength(std::string_view path, std::string_view text) {
  const auto count = Lines(text).size();
  if (count <= kMaxLines) return {};
  return {std::string(path) + ": " + std::to_string(count) + " lines, more than " +
          std::to_string(kMaxLines) + ": split it by meaning"};
}

Violations Check(std::string_view path, std::string_view text) {
  Violations all;
  for (const auto rule : {CheckIncludes, CheckPragmaOnce, CheckLength}) {
    for (std::string& violation : rule(path, text)) all.push_back(std::move(violation));
  }
  return all;
}

}  // namespace nabla::structure
