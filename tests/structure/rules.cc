#include "tests/structure/rules.h"

#include <algorithm>
#include <string>
#include <vector>

namespace nabla::structure {
namespace {

using Names = std::vector<std::string_view>;

// Who may know what. The row with the longest matching beginning of the path counts. `own` are
// beginnings of our own headers, `libraries` are names of the table below.
struct Folder {
  std::string path;
  std::vector<std::string> own;
  Names libraries;
};

// Rows for the folders of `parent` in the order in which they build on each other: each knows
// itself, those before it, and `others`. A file directly in `parent` knows no header of ours.
void AddLayers(const std::string& parent, const Names& folders, const Names& others,
               const Names& libraries, std::vector<Folder>& table) {
  table.push_back({parent, {}, libraries});
  std::vector<std::string> known(others.begin(), others.end());
  for (const std::string_view folder : folders) {
    known.push_back(parent + std::string(folder) + "/");
    table.push_back({known.back(), known, libraries});
  }
}

// Gives a row of the table further libraries.
void Allow(std::string_view path, const Names& libraries, std::vector<Folder>& table) {
  const auto row = std::find_if(table.begin(), table.end(),
                                [path](const Folder& folder) { return folder.path == path; });
  row->libraries.insert(row->libraries.end(), libraries.begin(), libraries.end());
}

std::vector<Folder> MakeTable() {
  const std::vector<std::string> everything = {"nn/", "envs/", "agent/", "config/", "apps/"};
  std::vector<std::string> everything_and_tests = everything;
  everything_and_tests.push_back("tests/");
  std::vector<Folder> table = {
      {"config/", {"config/"}, {"std", "yaml-cpp"}},
      {"apps/", everything, {"std", "posix", "Eigen", "nlohmann", "spdlog"}},
      {"apps/nabla/", everything, {"std", "posix", "Eigen", "nlohmann", "spdlog", "CLI11"}},
      {"apps/text/", {"apps/text/"}, {"std", "spdlog"}},
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
  AddLayers("nn/", {"kernels", "optimizers", "layers", "network", "recurrent"}, {},
            {"std", "Eigen", "intrinsics"}, table);
  AddLayers("envs/", {"drawing", "core", "models", "wrappers", "registry"}, {}, {"std", "Eigen"},
            table);
  AddLayers("agent/", {"state", "replay", "policy", "learning", "algorithms", "training", "run"},
            {"nn/", "envs/"}, {"std", "Eigen", "nlohmann"}, table);
  Allow("agent/state/", {"posix", "xxhash"}, table);
  Allow("agent/run/", {"posix"}, table);
  const Names below_apps = {"nn/", "envs/", "agent/", "config/", "apps/text/", "apps/tensorboard/"};
  AddLayers("apps/experiment/", {"plan", "execution", "statistics", "search", "report"}, below_apps,
            {"std", "posix", "Eigen", "nlohmann", "spdlog"}, table);
  Allow("apps/experiment/execution/", {"MPI"}, table);
  Allow("apps/experiment/report/", {"gnuplot"}, table);
  AddLayers("apps/viewer/", {"scene", "playback", "drawing", "panels", "record", "window"},
            below_apps, {"std", "posix", "Eigen", "nlohmann", "spdlog"}, table);
  Allow("apps/viewer/drawing/", {"cairo"}, table);
  Allow("apps/viewer/window/", {"SFML"}, table);
  // The programs of an experiment, on top of its folders.
  for (Folder& folder : table) {
    if (folder.path == "apps/experiment/") folder.own = everything;
  }
  return table;
}

const std::vector<Folder>& Folders() {
  static const std::vector<Folder> table = MakeTable();
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

template <class Beginnings>
bool BeginsWithAnyOf(std::string_view text, const Beginnings& beginnings) {
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
    return folder.path + " must not know \"" + std::string(header) + "\"";
  }
  const std::string_view library = LibraryOf(header);
  if (library.empty()) {
    return "<" + std::string(header) + "> is not in the table of libraries (tests/structure)";
  }
  if (std::find(folder.libraries.begin(), folder.libraries.end(), library) !=
      folder.libraries.end()) {
    return "";
  }
  return folder.path + " must not know " + std::string(library) + " (<" + std::string(header) +
         ">)";
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
