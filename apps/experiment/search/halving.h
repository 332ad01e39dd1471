// Halving: which trial is trained next and how far: asynchronous successive halving (ASHA; Li et
// al. 2020, "A System for Massively Parallel Hyperparameter Tuning", algorithm 2), in an order that
// depends on nothing but results.
//
// A job trains a trial to a rung. Of the trials that have a result on a rung, the best 1/η may go
// one rung up; where none may, a new trial begins on the lowest rung. So that neither the number of
// workers nor their speed decides, job k is chosen from the results of all jobs before
// k − parallel + 1, whatever else is known: up to `parallel` jobs are under way at a time.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace nabla::experiment {

struct Job {
  std::size_t trial = 0;
  std::size_t rung = 0;
  bool operator==(const Job&) const = default;
};

struct HalvingOptions {
  std::size_t trials = 1;
  std::size_t rungs = 1;
  double reduction = 3;  // η
  std::size_t parallel = 1;
};

struct NextJob {
  enum Kind {
    kJob,
    kLater,  // a result is missing
    kNone,   // the search is at its end
  };
  Kind kind = kNone;
  Job job = {};
  std::size_t visible = 0;  // the results of that many first jobs have decided
};

// The job after `jobs`; scores[k] is the result of job k, higher is better, −∞ for one that failed,
// nothing while it is under way. `needs(t)`: the first so many jobs have to have results before
// trial t can be chosen.
NextJob ChooseJob(const HalvingOptions& options, const std::vector<Job>& jobs,
                  const std::vector<std::optional<double>>& scores,
                  const std::function<std::size_t(std::size_t trial)>& needs);

}  // namespace nabla::experiment
