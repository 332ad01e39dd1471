#include "apps/experiment/plan/plan.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "apps/experiment/plan/comparable.h"
#include "config/config.h"
#include "config/error.h"
#include "config/scalar.h"
#include "envs/registry/environment_config.h"

namespace nabla::experiment {
namespace {

using agent::TaskConfig;

constexpr std::size_t kMostUnits = 100'000;
constexpr std::size_t kLongestFolder = 200;

// The last parts of `key` that no other key of the grid ends with.
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
      throw config::Error(file.document.Where(axis.values.front().place) + "grid: more than " +
                          std::to_string(kMostUnits) + " combinations");
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

// One key is the other, or lies within it.
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
    if (folder.empty() || folder.size() > kLongestFolder) {
      throw config::Error(file.document.Where({0, 1, 1}) + "configuration '" + name +
                          "' makes no folder name; list it under `configurations` with another");
    }
    if (const auto [it, is_new] = folders.emplace(folder, name); !is_new) {
      throw config::Error(file.document.Where({0, 1, 1}) + "configurations '" + it->second +
                          "' and '" + name + "' would share the folder " + folder);
    }
    std::string content;
    for (const TaskConfig& config : all.configs[c]) content += config::Write(config);
    if (const auto [it, is_new] = contents.emplace(content, name); !is_new) {
      throw config::Error(file.document.Where({0, 1, 1}) + "configurations '" + it->second +
                          "' and '" + name + "' are the same");
    }
  }
}

void CheckTasks(const ExperimentFile& file) {
  std::set<std::string> folders;
  for (const TaskVariant& task : file.tasks) {
    if (file.tasks.size() > 1 && task.score.empty()) {
      throw config::Error(file.document.Where({0, 1, 1}) + "tasks." + task.name +
                          ".score: missing; returns of several tasks are averaged as scores, "
                          "[low, high] are those that count as 0 and as 1");
    }
    const std::string folder = FolderName(task.name);
    if (!task.name.empty() && (folder.empty() || !folders.insert(folder).second)) {
      throw config::Error(file.document.Where({0, 1, 1}) + "tasks." + task.name +
                          ": its folder name '" + folder + "' is empty or taken");
    }
  }
}

void CheckThresholds(const Plan& plan, const ExperimentFile& file) {
  if (!plan.scored()) return;
  for (const double threshold : plan.thresholds) {
    if (threshold >= 0 && threshold <= 1) continue;
    std::string message = fmt::format("thresholds: {} is no score in [0, 1]", threshold);
    if (plan.tasks.size() == 1) {
      message += fmt::format("; as a return its score is {:.4g}", plan.tasks[0].Score(threshold));
    }
    throw config::Error(file.document.Where({0, 1, 1}) + message);
  }
}

}  // namespace

void CheckAssignments(const Variant& variant, const ExperimentFile& file) {
  const auto& all = variant.assignments;
  for (auto one = all.begin(); one != all.end(); ++one) {
    const std::string where = file.document.Where(one->place);
    if (Overlap(one->key, "seed")) {
      throw config::Error(where + "seed: list the seeds under `seeds`");
    }
    for (auto other = all.begin(); other != one; ++other) {
      if (!Overlap(one->key, other->key)) continue;
      throw config::Error(where + one->key + ": configuration '" + variant.name + "' sets " +
                          (one->key == other->key ? "it" : other->key) + " already");
    }
  }
}

Base ReadBase(const ExperimentFile& file, const TaskVariant& task,
              const std::string& configuration) {
  constexpr std::string_view kPlaceholder = "<configuration>";
  std::string path = task.base;
  const std::size_t at = path.find(kPlaceholder);
  if (at != std::string::npos) {
    if (configuration.empty()) {
      throw config::Error(file.document.Where({0, 1, 1}) + "base: '" + task.base +
                          "' needs names under `configurations`");
    }
    path.replace(at, kPlaceholder.size(), configuration);
  }
  return {path, config::ReadWholeFile(path)};
}

TaskConfig Compose(const ExperimentFile& file, const TaskVariant& task, const Base& base,
                   const Variant& variant) {
  std::vector<Assignment> all = Protocol(file.config.evaluation);
  all.insert(all.end(), task.assignments.begin(), task.assignments.end());
  all.insert(all.end(), variant.assignments.begin(), variant.assignments.end());
  std::vector<std::string> overrides;
  for (const Assignment& assignment : all) overrides.push_back(assignment.text());
  try {
    TaskConfig config = config::ReadText<TaskConfig>(base.text, base.path, overrides);
    envs::Make(config.environment);  // throws where its wrappers do not fit
    return config;
  } catch (const config::Error& error) {
    // An override is told by its text; here it has a place.
    const std::string message = error.what();
    for (const Assignment& assignment : all) {
      const std::string prefix = "--set " + config::OneLine(assignment.text(), 200) + ": ";
      if (!message.starts_with(prefix)) continue;
      throw config::Error(file.document.Where(assignment.place) + message.substr(prefix.size()));
    }
    throw;
  } catch (const std::invalid_argument& error) {
    throw config::Error(file.document.Where({0, 1, 1}) + "configuration '" + variant.name +
                        "': " + error.what());
  }
}

void CheckComparable(const Expansion& all, const ExperimentFile& file) {
  const auto differ = [&](const Comparable& what, std::size_t c, std::size_t t, std::size_t to_c,
                          std::size_t to_t) {
    const std::string one = what.value(all.configs[to_c][to_t]);
    const std::string other = what.value(all.configs[c][t]);
    if (one == other) return;
    throw config::Error(
        fmt::format("{}units differ in {}: {} has {}, {} has {}; their returns cannot be compared",
                    file.document.Where({0, 1, 1}), what.key, UnitName(all.plan, to_c, to_t), one,
                    UnitName(all.plan, c, t), other));
  };
  for (std::size_t c = 0; c < all.configs.size(); ++c) {
    for (std::size_t t = 0; t < all.configs[c].size(); ++t) {
      for (const Comparable& what : ComparedInTask()) differ(what, c, t, 0, t);
      for (const Comparable& what : ComparedInExperiment()) differ(what, c, t, 0, 0);
    }
  }
}

void AddUnits(Plan& plan, bool has_tasks) {
  const std::size_t count = plan.seeds.size() * plan.configurations.size() * plan.tasks.size();
  if (count > kMostUnits) {
    throw config::Error(fmt::format("{}: {} units, more than {}", plan.source, count, kMostUnits));
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
    for (const Assignment& a : variant.assignments) planned.assignments.push_back(a.text());
    plan.configurations.push_back(std::move(planned));
    all.configs.emplace_back();
    for (const TaskVariant& task : file.tasks) {
      const Base base = ReadBase(file, task, variant.configuration);
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
