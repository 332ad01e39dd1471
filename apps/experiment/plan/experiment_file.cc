#include "apps/experiment/plan/experiment_file.h"

#include <filesystem>
#include <utility>

#include "apps/experiment/plan/seeds.h"
#include "config/config.h"
#include "config/error.h"
#include "config/scalar.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using config::Document;
using config::Node;

struct TaskConfigEntry {
  std::string base;
  std::vector<double> score;
  Verbatim set;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("base", base, "Task file, named from this file's folder; empty: the experiment's base");
    ar("score", score, "[low, high]: returns that count as 0 and as 1");
    ar("set", set, "key: value; what differs from the base");
  }
};

[[noreturn]] void Fail(const Document& document, const config::Place& place,
                       const std::string& text) {
  throw config::Error(document.Where(place) + text);
}

// Takes `key` out of the mapping; nothing if it is absent.
std::optional<Node> Take(Node& mapping, std::string_view key) {
  for (std::size_t i = 0; i < mapping.keys.size(); ++i) {
    if (mapping.keys[i].name != key) continue;
    Node value = std::move(mapping.items[i]);
    mapping.keys.erase(mapping.keys.begin() + static_cast<std::ptrdiff_t>(i));
    mapping.items.erase(mapping.items.begin() + static_cast<std::ptrdiff_t>(i));
    return value;
  }
  return std::nullopt;
}

const Node& Mapping(const Node& node, const std::string& path, const std::string& example,
                    const Document& document) {
  if (node.kind != Node::Kind::kMapping) {
    Fail(document, node.place, path + ": expected " + example);
  }
  return node;
}

// A mapping below a key only shortens its keys: {agent: {gamma: 1}} is {agent.gamma: 1}.
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
  Mapping(node, path, "keys and values, such as {agent.gamma: 0.98}", document);
  std::vector<Assignment> assignments;
  AddAssignments(node, "", assignments);
  return assignments;
}

std::vector<Variant> ReadConfigurations(const Node& node, const Document& document) {
  const std::string path = "configurations";
  Mapping(node, path, "names and what they change, such as {TD3: {}}", document);
  std::vector<Variant> variants;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const std::string& name = node.keys[i].name;
    variants.push_back({name, ReadAssignments(node.items[i], path + "." + name, document), name});
  }
  if (variants.empty()) Fail(document, node.place, path + ": there is none");
  return variants;
}

std::vector<GridKey> ReadGrid(const Node& node, const Document& document) {
  const std::string example = "keys and lists of values, such as {agent.gamma: [0.98, 0.99]}";
  Mapping(node, "grid", example, document);
  std::vector<GridKey> grid;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const config::Key& key = node.keys[i];
    const Node& values = node.items[i];
    if (values.kind != Node::Kind::kSequence || values.items.empty()) {
      Fail(document, values.place, "grid." + key.name + ": expected a list of values");
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
  if (score.empty() || (score.size() == 2 && score[0] < score[1])) return;
  Fail(document, node.place,
       path + ": expected [low, high], the returns that count as 0 and as 1, low < high");
}

// A file named in the experiment file, as the program opens it.
std::string Beside(const std::string& experiment, const std::string& named) {
  const fs::path path(named);
  if (named.empty() || path.is_absolute()) return named;
  return (fs::path(experiment).parent_path() / path).lexically_normal().string();
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
    ReadStruct(file_.config, root);
    if (const Node* score = root.Find("score")) {
      CheckScore(file_.config.score, "score", *score, file_.document);
    }
    if (!seeds) Fail(file_.document, {0, 1, 1}, "seeds: missing; write seeds: 0-9");
    file_.seeds = ReadSeeds(*seeds, file_.document);
    if (configurations) {
      file_.configurations = ReadConfigurations(*configurations, file_.document);
    }
    if (grid) file_.grid = ReadGrid(*grid, file_.document);
    ReadTasks(tasks);
    if (file_.config.name.empty()) file_.config.name = fs::path(path_).stem().string();
    return std::move(file_);
  }

 private:
  template <class T>
  void ReadStruct(T& value, const Node& node) {
    Document part{node, file_.document.sources};
    const std::vector<config::KnownKey> all_keys = config::AllKeys(config::FieldsOf(value));
    config::Reader(part, all_keys).Read(value);
  }

  void ReadTasks(const std::optional<Node>& tasks) {
    const ExperimentConfig& config = file_.config;
    if (!tasks) {
      if (config.base.empty()) NeedsBase({0, 1, 1}, "base");
      file_.tasks.push_back({"", Beside(path_, config.base), config.score, {}});
      return;
    }
    Mapping(*tasks, "tasks", "names and what they are, such as {Pendulum-v1: {base: FILE}}",
            file_.document);
    for (std::size_t i = 0; i < tasks->keys.size(); ++i) {
      ReadTask(tasks->keys[i], tasks->items[i]);
    }
    if (file_.tasks.empty()) Fail(file_.document, tasks->place, "tasks: there is none");
  }

  void ReadTask(const config::Key& key, Node node) {
    const std::string path = "tasks." + key.name;
    Mapping(node, path, "keys and values, such as {base: FILE, score: [0, 1000]}", file_.document);
    const std::optional<Node> set = Take(node, "set");
    TaskConfigEntry entry{file_.config.base, file_.config.score, {}};
    ReadStruct(entry, node);
    CheckScore(entry.score, path + ".score", node, file_.document);
    if (entry.base.empty()) NeedsBase(key.place, path + ".base");
    TaskVariant task{key.name, Beside(path_, entry.base), entry.score, {}};
    if (set) task.assignments = ReadAssignments(*set, path + ".set", file_.document);
    file_.tasks.push_back(std::move(task));
  }

  [[noreturn]] void NeedsBase(const config::Place& place, const std::string& path) const {
    Fail(file_.document, place,
         path + ": missing; name a task file, such as ../tasks/pendulum_td3.yaml");
  }

  std::string path_;
  ExperimentFile file_;
};

}  // namespace

std::string FlowYaml(const Node& node) {
  constexpr const char* kSpecial = ",[]{}:#&*!|>'\"%@`";
  std::string text;
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kText:
      return node.quoted || node.text.find_first_of(kSpecial) != std::string::npos
                 ? config::ToYaml(node.text)
                 : node.text;
    case Node::Kind::kSequence:
      for (const Node& item : node.items) text += (text.empty() ? "" : ", ") + FlowYaml(item);
      return "[" + text + "]";
    case Node::Kind::kMapping:
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        text += (i == 0 ? "" : ", ") + config::ToYaml(node.keys[i].name) + ": " +
                FlowYaml(node.items[i]);
      }
      return "{" + text + "}";
  }
  throw std::logic_error("unknown kind of node");
}

ExperimentFile ReadExperimentFile(const std::string& path,
                                  const std::vector<std::string>& overrides) {
  return FileReader(path, overrides).Read();
}

}  // namespace nabla::experiment
