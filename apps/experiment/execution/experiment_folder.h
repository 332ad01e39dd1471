// The folder of an experiment (plan.h lists its content), in which several processes may work at
// the same time.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "agent/state/file_io.h"
#include "apps/experiment/execution/results.h"
#include "apps/experiment/plan/plan.h"

namespace nabla::experiment {

struct ExperimentPaths {
  std::filesystem::path root;

  std::filesystem::path plan() const { return root / "plan.json"; }
  std::filesystem::path experiment() const { return root / "experiment.yaml"; }
  // Files of a search.
  std::filesystem::path search_json() const { return root / "search.json"; }
  std::filesystem::path search_csv() const { return root / "search.csv"; }
  std::filesystem::path best() const { return root / "best.yaml"; }
  std::filesystem::path lock() const { return root / ".lock"; }
  std::filesystem::path unit(const Unit& unit) const { return root / unit.folder; }
  std::filesystem::path unit_lock(const Unit& unit) const;
};

// True if `path` is the folder of an experiment.
bool IsExperiment(const std::filesystem::path& path);

// The plan of an experiment on disk. Throws InputError if the folder has none.
Plan ReadPlan(const ExperimentPaths& paths);

// Creates the folder, or resumes the experiment that it contains. `text` is the experiment file.
// Throws InputError without changing anything if the folder is not that of an experiment, or if it
// contains a unit that was trained with another config.
void PrepareFolder(const ExperimentPaths& paths, const Expansion& expansion,
                   const std::string& text);

// Throws InputError if the folder exists but is not that of an experiment.
void RequireExperimentFolder(const ExperimentPaths& paths);

// Writes plan.json and the experiment file.
void WritePlan(const ExperimentPaths& paths, const Plan& plan, const std::string& text);

// The results of all units of the plan, in its order.
std::vector<UnitResult> ReadResults(const ExperimentPaths& paths, const Plan& plan);

// The lock to hold while writing files of the whole experiment; waits for other processes.
agent::FileDescriptor LockFolder(const ExperimentPaths& paths);

}  // namespace nabla::experiment
