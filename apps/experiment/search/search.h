// Search: the trials of a search, which of their units are to be trained next, and what they gave.
//
// Nothing of it is stored: the jobs are chosen again from the first on, in the same order, from the
// results that the units have left on disk. So a search that was cut off goes on where it was, and
// its course depends neither on workers nor on interruptions.
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
  std::vector<agent::TaskConfig> configs;  // a task each
  std::vector<double> scores;              // a rung each, as far as it came

  // The highest rung with a score other than a failure, and that score.
  std::pair<std::size_t, double> Best() const;
};

// A unit on one rung, that is to be trained.
struct SearchUnit {
  std::size_t job = 0;
  std::size_t trial = 0;
  std::size_t task = 0;
  std::size_t seed = 0;  // index
  std::size_t rung = 0;
  std::string folder;  // from the experiment's folder
};

class Search {
 public:
  // Reads what is there of the search below `paths`. Throws config::Error for a range that leads
  // out of what a task allows.
  Search(const ExperimentFile& file, const ExperimentPaths& paths, bool retry_failed);

  const SearchSpec& spec() const { return spec_; }
  bool UsesTensorBoard() const;  // any task of it

  // Chooses jobs as far as results allow, until one of them has a unit to train.
  void Decide();

  // The next unit to train, an index into units(): later while results of others decide.
  NextUnit Next();
  const std::vector<SearchUnit>& units() const { return units_; }
  agent::TaskConfig ConfigOf(const SearchUnit& unit) const;

  // Takes in what a unit has left, whatever became of it.
  void Ended(std::size_t unit);

  const std::vector<Trial>& trials() const { return trials_; }
  const std::vector<Job>& jobs() const { return jobs_; }
  const std::vector<std::optional<double>>& scores() const { return scores_; }
  bool finished() const { return finished_; }
  std::size_t All() const;   // units of the jobs so far, a rung of one counts for itself
  std::size_t Open() const;  // those without a result

  // Trials by the highest rung that they have a score on, then by that score: indices, best first.
  std::vector<std::size_t> Ranking() const;

  // What a report shows: the trials that came highest, with their units on that rung.
  Plan FinalistPlan() const;

  // All that decides about the course of the search; another one cannot go on in its folder.
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
  void Begin(const NextJob& next);
  std::string Folder(std::size_t trial, std::size_t task, std::size_t seed) const;
  // Nothing if the unit has not come to the end of the rung; −∞ if it cannot.
  std::optional<double> ValueOf(const SearchUnit& unit) const;
  void CloseJob(std::size_t job);

  const ExperimentFile& file_;
  ExperimentPaths paths_;
  bool retry_failed_;
  std::vector<Base> bases_;  // of the tasks
  Expansion base_;           // without any assignment
  SearchSpec spec_;
  std::unique_ptr<Sampler> sampler_;

  std::vector<Trial> trials_;
  std::vector<Job> jobs_;
  std::vector<std::vector<UnitValue>> values_;  // of each job
  std::vector<std::optional<double>> scores_;   // of each job
  std::vector<SearchUnit> units_;
  std::size_t next_unit_ = 0;
  std::size_t under_way_ = 0;
  bool finished_ = false;
};

}  // namespace nabla::experiment
