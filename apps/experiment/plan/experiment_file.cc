#include "apps/experiment/plan/experiment_file.h"

#include <charconv>
#include <filesystem>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "apps/experiment/plan/node.h"
#include "apps/experiment/plan/plan.h"
#include "config/scalar.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using config::Document;
using config::Node;

struct TaskEntryConfig {
  std::string base;
  std::vector<double> score;
  Verbatim set;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("base", base, "Task file, relative to this file's folder; empty: the experiment's base");
    ar("score", score, "[low, high]: the returns that map to the scores 0 and 1");
    ar("set", set, "key: value; the differences from the base");
  }
};

// Lists of seeds as users write them: `0-9`, `3`, `"0-4, 7"`, `[0-4, 7]`.
class SeedReader {
 public:
  SeedReader(const Node& node, const Document& document) : document_(document) {
    Read(node);
    if (seeds.empty()) Fail(node, std::string("the list is empty") + kExamples);
  }

  std::vector<std::uint64_t> seeds;  // in the order of the file

 private:
  static constexpr std::uint64_t kMostSeeds = 100'000;
  static constexpr const char* kExamples = "; write seeds as 0-9, \"0-4, 7\" or [0, 1, 5]";

  void Read(const Node& node) {
    if (node.kind == Node::Kind::kSequence) {
      for (const Node& item : node.items) Read(item);
    } else if (node.kind == Node::Kind::kText) {
      std::string_view rest = node.text;
      for (std::size_t comma = 0; comma != std::string_view::npos;) {
        comma = rest.find(',');
        Range(Trimmed(rest.substr(0, comma)), node);
        rest = comma == std::string_view::npos ? rest : rest.substr(comma + 1);
      }
    } else {
      Fail(node, std::string("expected seeds") + kExamples);
    }
  }

  void Range(std::string_view text, const Node& node) {
    const std::size_t dash = text.find('-');
    std::uint64_t first = 0, last = 0;
    const bool good = ParseSeed(text.substr(0, dash), first) &&
                      (dash == std::string_view::npos || ParseSeed(text.substr(dash + 1), last));
    if (!good) Fail(node, config::Quoted(text) + " is not a seed" + kExamples);
    if (dash == std::string_view::npos) last = first;
    if (last < first) Fail(node, config::Quoted(text) + " is a descending range");
    if (last - first >= kMostSeeds) {
      Fail(node, "a range of more than " + std::to_string(kMostSeeds) + " seeds");
    }
    for (std::uint64_t seed = first;; ++seed) {
      if (seeds.size() == kMostSeeds) {
        Fail(node, "more than " + std::to_string(kMostSeeds) + " seeds");
      }
      if (!seen_.insert(seed).second) {
        Fail(node, "seed " + std::to_string(seed) + " is listed twice");
      }
      seeds.push_back(seed);
      if (seed == last) break;
    }
  }

  static std::string_view Trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
  }

  static bool ParseSeed(std::string_view text, std::uint64_t& seed) {
    text = Trimmed(text);
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seed);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  }

  [[noreturn]] void Fail(const Node& node, const std::string& text) const {
    FailAt(document_, node.place, "seeds: " + text);
  }

  const Document& document_;
  std::unordered_set<std::uint64_t> seen_;
};

// A nested mapping abbreviates its keys: {agent: {gamma: 1}} is {agent.gamma: 1}.
void AddAssignments(const Node& node, const std::string& prefix,
                    std::vector<Assignment>& assignments) {
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string key = prefix + node.keys[i].name;
    if (node.items[i].kind == Node::Kind::kMapping && !node.items[i].keys.empty()) {
      AddAssignments(node.items[i], key + ".", assignments);
    } else {
      assignments.push_back({key, FlowYaml(node.items[i]), node.keys[i].place});
    }
  }
}

std::vector<Assignment> ReadAssignments(const Node& node, const std::string& path,
                                        const Document& document) {
  RequireMapping(node, path, "keys and values, such as {agent.gamma: 0.98}", document);
  std::vector<Assignment> assignments;
  AddAssignments(node, "", assignments);
  return assignments;
}

std::vector<Variant> ReadConfigurations(const Node& node, const Document& document) {
  const std::string path = "configurations";
  RequireMapping(node, path, "names and their changes, such as {TD3: {}}", document);
  std::vector<Variant> variants;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& name = node.keys[i].name;
    variants.push_back({name, ReadAssignments(node.items[i], path + "." + name, document), name});
  }
  if (variants.empty()) FailAt(document, node.place, path + ": the mapping is empty");
  return variants;
}

std::vector<GridKey> ReadGrid(const Node& node, const Document& document) {
  const std::string example = "keys and lists of values, such as {agent.gamma: [0.98, 0.99]}";
  RequireMapping(node, "grid", example, document);
  std::vector<GridKey> grid;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const config::Key& key = node.keys[i];
    const Node& values = node.items[i];
    if (values.kind != Node::Kind::kSequence || values.items.empty()) {
      FailAt(document, values.place, "grid." + key.name + ": expected a list of values");
    }
    GridKey axis{key.name, {}};
    for (const Node& value : values.items) {
      axis.values.push_back({key.name, FlowYaml(value), value.place});
    }
    grid.push_back(std::move(axis));
  }
  return grid;
}

void CheckScore(const std::vector<double>& score, const std::string& path, const Node& node,
                const Document& document) {
  if (IsScoreRange(score)) return;
  FailAt(document, node.place,
         path + ": expected [low, high] with low < high, the returns that map to 0 and 1");
}

// The path of a file named in the experiment file: relative to the experiment file's folder.
std::string PathFrom(const std::string& experiment_file, const std::string& named) {
  const fs::path path(named);
  if (named.empty() || path.is_absolute()) return named;
  return (fs::path(experiment_file).parent_path() / path).lexically_normal().string();
}

class FileReader {
 public:
  FileReader(const std::string& path, const std::vector<std::string>& overrides) : path_(path) {
    file_.text = config::ReadWholeFile(path);
    file_.document = config::ParseDocument(file_.text, path, overrides);
  }

  ExperimentFile Read() {
    Node& root = file_.document.root;
    const std::optional<Node> seeds = Take(root, "seeds");
    const std::optional<Node> configurations = Take(root, "configurations");
    const std::optional<Node> grid = Take(root, "grid");
    const std::optional<Node> tasks = Take(root, "tasks");
    file_.search = Take(root, "search");
    const std::vector<config::KnownKey> all_keys = config::AllKeys(config::FieldsOf(file_.config));
    config::Reader(file_.document, all_keys).Read(file_.config);
    if (const Node* score = root.Find("score")) {
      CheckScore(file_.config.score, "score", *score, file_.document);
    }
    if (!seeds) file_.Fail("seeds: missing; write seeds: 0-9");
    file_.seeds = SeedReader(*seeds, file_.document).seeds;
    if (configurations) {
      file_.configurations = ReadConfigurations(*configurations, file_.document);
    }
    if (grid) file_.grid = ReadGrid(*grid, file_.document);
    ReadTasks(tasks);
    if (file_.config.name.empty()) file_.config.name = fs::path(path_).stem().string();
    return std::move(file_);
  }

 private:
  void ReadTasks(const std::optional<Node>& tasks) {
    const ExperimentConfig& config = file_.config;
    if (!tasks) {
      if (config.base.empty()) FailWithoutBase({0, 1, 1}, "base");
      file_.tasks.push_back({"", PathFrom(path_, config.base), config.score, {}});
      return;
    }
    RequireMapping(*tasks, "tasks", "names and settings, such as {Pendulum-v1: {base: FILE}}",
                   file_.document);
    for (std::size_t i = 0; i < tasks->keys.size(); ++i) {
      ReadTask(tasks->keys[i], tasks->items[i]);
    }
    if (file_.tasks.empty()) FailAt(file_.document, tasks->place, "tasks: the mapping is empty");
  }

  void ReadTask(const config::Key& key, Node node) {
    const std::string path = "tasks." + key.name;
    RequireMapping(node, path, "keys and values, such as {base: FILE, score: [0, 1000]}",
                   file_.document);
    const std::optional<Node> set = Take(node, "set");
    TaskEntryConfig entry{file_.config.base, file_.config.score, {}};
    ReadStruct(entry, node, path, file_.document);
    CheckScore(entry.score, path + ".score", node, file_.document);
    if (entry.base.empty()) FailWithoutBase(key.place, path + ".base");
    TaskVariant task{key.name, PathFrom(path_, entry.base), entry.score, {}};
    if (set) task.assignments = ReadAssignments(*set, path + ".set", file_.document);
    file_.tasks.push_back(std::move(task));
  }

  [[noreturn]] void FailWithoutBase(const config::Place& place, const std::string& path) const {
    FailAt(file_.document, place,
           path + ": missing; name a task file, such as ../tasks/pendulum_td3.yaml");
  }

  std::string path_;
  ExperimentFile file_;
};

}  // namespace

void ExperimentFile::Fail(const std::string& message) const {
  FailAt(document, {0, 1, 1}, message);
}

ExperimentFile ReadExperimentFile(const std::string& path,
                                  const std::vector<std::string>& overrides) {
  return FileReader(path, overrides).Read();
}

}  // namespace nabla::experiment
