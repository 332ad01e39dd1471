// Search: the trials of a search, the units to train next, and the results so far.
//
// The state of a search is not stored. It is computed again from the results of the units on disk,
// job by job in the same order. An interrupted search therefore resumes where it was, and the
// search depends neither on the workers nor on interruptions.
//
//   <experiment>/trial_007/seed_2    a run folder, trained from rung to rung
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "apps/experiment/execution/experiment_folder.h"
#include "apps/experiment/execution/pool.h"
#include "apps/experiment/plan/plan.h"
#include "apps/experiment/search/search_file.h"

namespace nabla::experiment {

struct Trial {
  std::string name;
  Point point;
  std::vector<Assignment> assignments;
  std::vector<agent::TaskConfig> configs;  // one per task
  std::vector<double> scores;              // one per rung that the trial has reached

  // The highest rung on which the trial did not fail, and its score there.
  std::pair<std::size_t, double> Best() const;
};

// A unit to train to one rung.
struct SearchUnit {
  std::size_t job = 0;
  std::size_t trial = 0;
  std::size_t task = 0;
  std::size_t seed = 0;  // index in the list of seeds
  std::size_t rung = 0;
  std::string folder;  // relative to the experiment's folder
};

class Search {
 public:
  // Reads the results in `paths`. Throws config::Error for a range with values that a task does not
  // allow.
  Search(const ExperimentFile& file, const ExperimentPaths& paths, bool retry_failed);

  const SearchSpec& spec() const { return spec_; }
  bool UsesTensorBoard() const;  // true if any task does

  // Chooses jobs until one of them has a unit to train or the next job depends on missing results.
  void ChooseJobs();

  // The next unit to train, an index into units(); kLater while it depends on running units.
  NextUnit Next();
  const std::vector<SearchUnit>& units() const { return units_; }
  agent::TaskConfig ConfigOf(const SearchUnit& unit) const;

  // Reads the result of a unit that has ended.
  void RecordEnd(std::size_t unit);

  const std::vector<Trial>& trials() const { return trials_; }
  const std::vector<Job>& jobs() const { return jobs_; }
  const std::vector<std::optional<double>>& scores() const { return scores_; }
  bool finished() const { return finished_; }
  std::size_t UnitCount() const;  // units of the jobs so far; a unit counts once per rung
  std::size_t OpenCount() const;  // those without a result

  // Indices of the trials, best first: by the highest rung with a score, then by this score.
  std::vector<std::size_t> Ranking() const;

  // The plan of the report: the trials that reached the highest rung, with their units there.
  Plan FinalistPlan() const;

  // Everything that the search depends on. A search can only resume a search with the same
  // definition.
  nlohmann::json Definition() const;

 private:
  struct UnitValue {
    std::size_t task;
    std::size_t seed;
    std::optional<double> value;
  };

  void CheckRanges() const;
  void CheckRungs(const Trial& trial) const;
  Trial MakeTrial(const std::string& name, const Point& point) const;
  void Start(const NextJob& next);
  std::string Folder(std::size_t trial, std::size_t task, std::size_t seed) const;
  // The score of the unit on its rung: nothing if it has not finished it yet, −∞ if it failed.
  std::optional<double> ValueOf(const SearchUnit& unit) const;
  void CloseJob(std::size_t job);

  const ExperimentFile& file_;
  ExperimentPaths paths_;
  bool retry_failed_;
  std::vector<BaseFile> bases_;  // of the tasks
  Expansion base_;               // without the assignments of a trial
  SearchSpec spec_;
  HalvingOptions halving_;
  std::unique_ptr<Sampler> sampler_;

  std::vector<Trial> trials_;
  std::vector<Job> jobs_;
  std::vector<std::vector<UnitValue>> values_;  // of each job
  std::vector<std::optional<double>> scores_;   // of each job
  std::vector<SearchUnit> units_;
  std::size_t next_unit_ = 0;
  std::size_t running_ = 0;  // units
  bool finished_ = false;
};

}  // namespace nabla::experiment
