// Asynchronous successive halving: which trial is trained next, and for how long (ASHA; Li et al.
// 2020, "A System for Massively Parallel Hyperparameter Tuning", algorithm 2), in an order that
// depends only on the results.
//
// A job trains a trial to a rung. The best 1/η of the trials that have a result on a rung are
// promoted to the next rung; if there is none to promote, a new trial starts on the lowest rung.
// Job k is chosen from the results of the jobs before k − parallel + 1 only, even if more are
// known, so that the order does not depend on the number or the speed of the workers. At most
// `parallel` jobs run at a time.
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
    kLater,  // it depends on a result that is not known yet
    kNone,   // the search is complete
  };
  Kind kind = kNone;
  Job job = {};
  std::size_t visible = 0;  // the job was chosen from the results of so many first jobs
};

// The job after `jobs`. scores[k] is the result of job k: higher is better, −∞ is a failure, a NaN
// ranks below that, and nothing is a job that still runs. needs(t) is the number of first jobs
// whose results trial t depends on.
NextJob ChooseJob(const HalvingOptions& options, const std::vector<Job>& jobs,
                  const std::vector<std::optional<double>>& scores,
                  const std::function<std::size_t(std::size_t trial)>& needs);

}  // namespace nabla::experiment
