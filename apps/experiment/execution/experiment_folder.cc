#include "apps/experiment/execution/experiment_folder.h"

#include <fcntl.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/run/run_folder.h"
#include "agent/state/state_json.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using agent::InputError;
using agent::TaskConfig;

constexpr std::size_t kLongestName = 250;  // bytes; file systems allow 255

void CheckUnits(const ExperimentPaths& paths, const Expansion& expansion) {
  for (const Unit& unit : expansion.plan.units) {
    const std::optional<TaskConfig> trained = ReadUnit(paths.unit(unit)).config;
    if (!trained) continue;  // nothing yet, or damaged: the unit starts again
    TaskConfig asked = expansion.ConfigOf(unit);
    asked.logging = trained->logging;  // results do not depend on it
    const auto differences = config::Diff(*trained, asked);
    if (differences.empty()) continue;
    const config::Difference& first = differences.front();
    throw InputError(
        paths.unit(unit).string() + " was trained with " + first.path + " " +
        (first.left.empty() ? "absent" : first.left) + ", but the experiment file now asks for " +
        (first.right.empty() ? "none" : first.right) + "; choose another folder with --out");
  }
}

}  // namespace

fs::path ExperimentPaths::unit_lock(const Unit& unit) const {
  std::string name = unit.folder;
  std::replace(name.begin(), name.end(), '/', '~');
  if (name.size() > kLongestName) {
    agent::Checksum checksum;
    checksum.Add(agent::BytesOf(name));
    name = agent::ToHex(checksum.Value());
  }
  return root / ".locks" / name;
}

bool IsExperiment(const fs::path& path) {
  std::error_code error;
  return fs::exists(ExperimentPaths{path}.plan(), error);
}

Plan ReadPlan(const ExperimentPaths& paths) {
  if (!IsExperiment(paths.root)) {
    throw InputError(paths.root.string() + " is not the folder of an experiment: it contains no " +
                     paths.plan().filename().string());
  }
  nlohmann::json json;
  try {
    json = agent::ReadJson(paths.plan());
  } catch (const InputError& error) {
    throw InputError(paths.plan().string() + " is not the plan of an experiment: " + error.what());
  }
  return PlanFromJson(json, paths.plan().string());
}

void RequireExperimentFolder(const ExperimentPaths& paths) {
  std::error_code error;
  if (!fs::exists(paths.root, error)) return;
  if (!fs::is_directory(paths.root, error)) {
    throw InputError(paths.root.string() + " is not a folder; choose another one with --out");
  }
  // Another process that creates the folder at this moment has put only hidden files into it.
  const std::vector<std::string> names = agent::ListFolder(paths.root);
  const bool is_empty = std::all_of(names.begin(), names.end(),
                                    [](const std::string& name) { return name.starts_with('.'); });
  if (!is_empty && !fs::exists(paths.plan(), error)) {
    throw InputError(paths.root.string() +
                     " is neither empty nor the folder of an experiment; choose another folder "
                     "with --out");
  }
}

void PrepareFolder(const ExperimentPaths& paths, const Expansion& expansion,
                   const std::string& text) {
  RequireExperimentFolder(paths);
  std::error_code error;
  if (fs::exists(paths.search_json(), error)) {
    throw InputError(paths.root.string() +
                     " is the folder of a search; choose another folder with --out");
  }
  CheckUnits(paths, expansion);
  WritePlan(paths, expansion.plan, text);
}

void WritePlan(const ExperimentPaths& paths, const Plan& plan, const std::string& text) {
  agent::CreateFolders(paths.root);
  const agent::FileDescriptor lock = LockFolder(paths);
  agent::WriteFileAtomically(paths.plan(), agent::JsonText(ToJson(plan), 1) + "\n");
  agent::WriteFileAtomically(paths.experiment(), text);
}

std::vector<UnitResult> ReadResults(const ExperimentPaths& paths, const Plan& plan) {
  std::vector<UnitResult> results;
  for (const Unit& unit : plan.units) results.push_back(ReadUnit(paths.unit(unit)));
  return results;
}

agent::FileDescriptor LockFolder(const ExperimentPaths& paths) {
  agent::FileDescriptor file(paths.lock(), O_RDWR | O_CREAT, "create");
  file.Lock();
  return file;
}

}  // namespace nabla::experiment
