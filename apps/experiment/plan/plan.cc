#include "apps/experiment/plan/plan.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "apps/experiment/plan/comparability.h"
#include "apps/experiment/plan/node.h"
#include "config/config.h"
#include "config/error.h"
#include "config/scalar.h"
#include "envs/registry/environment_config.h"

namespace nabla::experiment {
namespace {

using agent::TaskConfig;

constexpr std::size_t kLongestFolder = 200;

// The shortest ending of `key`, in whole parts, that no other key of the grid has.
std::string ShortKey(const std::string& key, const std::vector<GridKey>& grid) {
  for (std::size_t dot = key.rfind('.'); dot != std::string::npos; dot = key.rfind('.', dot - 1)) {
    const std::string end = key.substr(dot);
    const auto same = [&](const GridKey& other) { return ("." + other.key).ends_with(end); };
    if (std::count_if(grid.begin(), grid.end(), same) == 1) return end.substr(1);
    if (dot == 0) break;
  }
  return key;
}

// The configurations of the file crossed with the points of its grid.
std::vector<Variant> Cross(const ExperimentFile& file) {
  std::vector<Variant> variants = file.configurations;
  if (variants.empty()) variants.push_back({"", {}});
  for (const GridKey& axis : file.grid) {
    const std::string short_key = ShortKey(axis.key, file.grid);
    std::vector<Variant> crossed;
    if (variants.size() * axis.values.size() > kMostUnits) {
      FailAt(file.document, axis.values.front().place,
             fmt::format("grid: more than {} combinations", kMostUnits));
    }
    for (const Variant& variant : variants) {
      for (const Assignment& value : axis.values) {
        Variant point = variant;
        point.name += (point.name.empty() ? "" : ", ") + short_key + "=" + value.value;
        point.assignments.push_back(value);
        crossed.push_back(std::move(point));
      }
    }
    variants = std::move(crossed);
  }
  if (variants.size() == 1 && variants.front().name.empty()) variants.front().name = "base";
  return variants;
}

// True if the keys are equal or one contains the other.
bool Overlap(const std::string& a, const std::string& b) {
  return a == b || a.starts_with(b + ".") || b.starts_with(a + ".");
}

std::vector<Assignment> Protocol(const EvaluationProtocol& protocol) {
  std::vector<Assignment> assignments;
  if (protocol.every) {
    assignments.push_back({"evaluation.every", std::to_string(*protocol.every), {}});
  }
  if (protocol.episodes) {
    assignments.push_back({"evaluation.episodes", std::to_string(*protocol.episodes), {}});
  }
  return assignments;
}

std::string UnitName(const Plan& plan, std::size_t c, std::size_t t) {
  return "'" + plan.configurations[c].name + "'" +
         (plan.tasks.size() > 1 ? " on " + plan.tasks[t].name : "");
}

void CheckDistinct(const Expansion& all, const ExperimentFile& file) {
  const auto& configurations = all.plan.configurations;
  std::map<std::string, std::string> folders, contents;  // to the configuration's name
  for (std::size_t c = 0; c < configurations.size(); ++c) {
    const std::string& name = configurations[c].name;
    const std::string folder = FolderName(name);
    if (!IsFolderName(folder)) {
      file.Fail(fmt::format(
          "configuration '{}' makes no folder name; list it under `configurations` with another "
          "name",
          name));
    }
    if (const auto [it, is_new] = folders.emplace(folder, name); !is_new) {
      file.Fail(fmt::format("configurations '{}' and '{}' would share the folder {}", it->second,
                            name, folder));
    }
    std::string content;
    for (const TaskConfig& config : all.configs[c]) content += config::Write(config);
    if (const auto [it, is_new] = contents.emplace(content, name); !is_new) {
      file.Fail(fmt::format("configurations '{}' and '{}' are the same", it->second, name));
    }
  }
}

void CheckTasks(const ExperimentFile& file) {
  std::set<std::string> folders;
  for (const TaskVariant& task : file.tasks) {
    if (file.tasks.size() > 1 && task.score.empty()) {
      file.Fail("tasks." + task.name +
                ".score: missing; an average over several tasks needs scores: give [low, high], "
                "the returns that map to 0 and 1");
    }
    const std::string folder = FolderName(task.name);
    if (!task.name.empty() && (!IsFolderName(folder) || !folders.insert(folder).second)) {
      file.Fail("tasks." + config::OneLine(task.name, kLongestFolder) + ": its folder name '" +
                config::OneLine(folder, kLongestFolder) + "' is empty, too long or taken");
    }
  }
}

void CheckThresholds(const Plan& plan, const ExperimentFile& file) {
  if (!plan.scored()) return;
  for (const double threshold : plan.thresholds) {
    if (threshold >= 0 && threshold <= 1) continue;
    std::string message = fmt::format("thresholds: {} is not a score in [0, 1]", threshold);
    if (plan.tasks.size() == 1) {
      message +=
          fmt::format("; the score of this return is {:.4g}", plan.tasks[0].Score(threshold));
    }
    file.Fail(message);
  }
}

}  // namespace

void CheckAssignments(const Variant& variant, const ExperimentFile& file) {
  const auto& all = variant.assignments;
  for (auto one = all.begin(); one != all.end(); ++one) {
    if (Overlap(one->key, "seed")) {
      FailAt(file.document, one->place, "seed: list the seeds under `seeds`");
    }
    for (auto other = all.begin(); other != one; ++other) {
      if (!Overlap(one->key, other->key)) continue;
      FailAt(file.document, one->place,
             fmt::format("{}: configuration '{}' already sets {}", one->key, variant.name,
                         one->key == other->key ? "it" : other->key));
    }
  }
}

BaseFile ReadBaseFile(const ExperimentFile& file, const TaskVariant& task,
                      const std::string& configuration) {
  constexpr std::string_view kPlaceholder = "<configuration>";
  std::string path = task.base;
  const std::size_t at = path.find(kPlaceholder);
  if (at != std::string::npos) {
    if (configuration.empty()) {
      file.Fail("base: '" + task.base + "' needs names under `configurations`");
    }
    path.replace(at, kPlaceholder.size(), configuration);
  }
  return {path, config::ReadWholeFile(path)};
}

TaskConfig Compose(const ExperimentFile& file, const TaskVariant& task, const BaseFile& base,
                   const Variant& variant) {
  std::vector<Assignment> all = Protocol(file.config.evaluation);
  all.insert(all.end(), task.assignments.begin(), task.assignments.end());
  all.insert(all.end(), variant.assignments.begin(), variant.assignments.end());
  std::vector<std::string> overrides;
  for (const Assignment& assignment : all) overrides.push_back(assignment.text());
  try {
    TaskConfig config = config::ReadText<TaskConfig>(base.text, base.path, overrides);
    envs::Make(config.environment);  // throws if its wrappers do not fit
    return config;
  } catch (const config::Error& error) {
    // A message names an override by its text; here the override has a place in the file.
    const std::string message = error.what();
    for (const Assignment& assignment : all) {
      const std::string prefix = "--set " + config::OneLine(assignment.text(), 200) + ": ";
      if (!message.starts_with(prefix)) continue;
      FailAt(file.document, assignment.place, message.substr(prefix.size()));
    }
    throw;
  } catch (const std::invalid_argument& error) {
    file.Fail(fmt::format("configuration '{}': {}", variant.name, error.what()));
  }
}

void CheckComparable(const Expansion& all, const ExperimentFile& file) {
  const auto fail = [&](const std::string& first, const std::string& other, const std::string& key,
                        const std::string& left, const std::string& right,
                        const std::string& way_out) {
    file.Fail(fmt::format(
        "units differ in {}: {} has {}, {} has {}; their returns cannot be compared; {}", key,
        first, left, other, right, way_out));
  };
  const auto& protocol = all.configs[0][0].evaluation;
  for (std::size_t t = 0; t < all.configs[0].size(); ++t) {
    const TaskConfig first = Resolved(all.configs[0][t]);
    for (std::size_t c = 0; c < all.configs.size(); ++c) {
      const TaskConfig& config = all.configs[c][t];
      const std::string name = UnitName(all.plan, c, t);
      const auto differences = TaskDifferences(first, Resolved(config));
      if (!differences.empty()) {
        const auto& [key, left, right] = differences.front();
        fail(UnitName(all.plan, 0, t), name, key, left, right, "list tasks under `tasks`");
      }
      for (const auto& [key, left, right] : config::Diff(protocol, config.evaluation)) {
        fail(UnitName(all.plan, 0, 0), name, "evaluation." + key, left, right,
             "set it under `evaluation`");
      }
    }
  }
}

void AddUnits(Plan& plan, bool has_tasks) {
  const std::size_t count = plan.seeds.size() * plan.configurations.size() * plan.tasks.size();
  if (count > kMostUnits) {
    throw config::Error(
        fmt::format("{}: {} units; at most {} are allowed", plan.source, count, kMostUnits));
  }
  for (const std::uint64_t seed : plan.seeds) {
    for (std::size_t c = 0; c < plan.configurations.size(); ++c) {
      for (std::size_t t = 0; t < plan.tasks.size(); ++t) {
        std::string folder = FolderName(plan.configurations[c].name) + "/";
        if (has_tasks) folder += FolderName(plan.tasks[t].name) + "/";
        plan.units.push_back({c, t, seed, folder + "seed_" + std::to_string(seed)});
      }
    }
  }
}

agent::TaskConfig Expansion::ConfigOf(const Unit& unit) const {
  agent::TaskConfig config = configs[unit.configuration][unit.task];
  config.seed = unit.seed;
  return config;
}

bool IsScoreRange(const std::vector<double>& score) {
  if (score.empty()) return true;
  return score.size() == 2 && std::abs(score[0]) <= kLargestScore &&
         std::abs(score[1]) <= kLargestScore && score[1] - score[0] >= 1 / kLargestScore;
}

bool IsFolderName(std::string_view name) {
  return !name.empty() && name.size() <= kLongestFolder && name != "." && name != ".." &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return c == '/' || static_cast<unsigned char>(c) < ' ' || c == '\x7f';
         });
}

std::string FolderName(const std::string& name) {
  std::string folder;
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                       std::string_view("-+=.").find(c) != std::string_view::npos;
    if (plain) {
      folder += c;
    } else if (!folder.empty() && folder.back() != '_') {
      folder += '_';
    }
  }
  while (!folder.empty() && folder.back() == '_') folder.pop_back();
  return folder.find_first_not_of('.') == std::string::npos ? "" : folder;
}

Expansion Expand(const ExperimentFile& file) {
  CheckTasks(file);
  Expansion all;
  Plan& plan = all.plan;
  if (!IsFolderName(file.config.name)) {
    file.Fail("name: " + config::Quoted(file.config.name) +
              " is not the name of a folder, which has no '/'; choose the folder with --out");
  }
  plan.name = file.config.name;
  plan.description = file.config.description;
  plan.source = file.document.sources.front();
  plan.seeds = file.seeds;
  plan.thresholds = file.config.thresholds;
  plan.statistics = file.config.statistics;
  const std::vector<Variant> variants = Cross(file);
  for (const Variant& variant : variants) {
    CheckAssignments(variant, file);
    PlannedConfiguration planned{variant.name, {}};
    for (const Assignment& a : variant.assignments) planned.set.push_back(a.text());
    plan.configurations.push_back(std::move(planned));
    all.configs.emplace_back();
    for (const TaskVariant& task : file.tasks) {
      const BaseFile base = ReadBaseFile(file, task, variant.configuration);
      all.configs.back().push_back(Compose(file, task, base, variant));
    }
  }
  for (std::size_t t = 0; t < file.tasks.size(); ++t) {
    const bool named = !file.tasks[t].name.empty();
    plan.tasks.push_back(
        {named ? file.tasks[t].name : all.configs[0][t].environment.name, file.tasks[t].score});
  }
  plan.evaluation_every = all.configs[0][0].evaluation.every;
  plan.evaluation_episodes = all.configs[0][0].evaluation.episodes;
  CheckThresholds(plan, file);
  CheckComparable(all, file);
  CheckDistinct(all, file);
  AddUnits(plan, !file.tasks.front().name.empty());
  return all;
}

}  // namespace nabla::experiment
