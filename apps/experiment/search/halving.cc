#include "apps/experiment/search/halving.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "apps/experiment/statistics/statistics.h"

namespace nabla::experiment {
namespace {

using JobScores = std::vector<std::optional<double>>;

// The best trial of the rung that qualifies for the next one and is not there yet, from the results
// of the first `visible` jobs.
std::optional<Job> Promotion(const std::vector<Job>& jobs, const JobScores& scores,
                             std::size_t visible, std::size_t rung, double reduction) {
  std::vector<std::size_t> ranked;  // indices of jobs
  for (std::size_t k = 0; k < visible; ++k) {
    if (jobs[k].rung == rung) ranked.push_back(k);
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [&](std::size_t a, std::size_t b) { return IsBetter(*scores[a], *scores[b]); });
  ranked.resize(static_cast<std::size_t>(static_cast<double>(ranked.size()) / reduction));
  std::set<std::size_t> promoted;  // trials
  for (const Job& job : jobs) {
    if (job.rung == rung + 1) promoted.insert(job.trial);
  }
  for (const std::size_t k : ranked) {
    const std::size_t trial = jobs[k].trial;
    if (std::isfinite(*scores[k]) && !promoted.contains(trial)) return Job{trial, rung + 1};
  }
  return std::nullopt;
}

std::optional<Job> Choose(const HalvingOptions& options, const std::vector<Job>& jobs,
                          const JobScores& scores, std::size_t visible) {
  for (std::size_t rung = options.rungs - 1; rung-- > 0;) {
    const auto promotion = Promotion(jobs, scores, visible, rung, options.reduction);
    if (promotion) return promotion;
  }
  const auto begun = static_cast<std::size_t>(
      std::count_if(jobs.begin(), jobs.end(), [](const Job& job) { return job.rung == 0; }));
  return begun < options.trials ? std::optional<Job>({begun, 0}) : std::nullopt;
}

}  // namespace

NextJob ChooseJob(const HalvingOptions& options, const std::vector<Job>& jobs,
                  const JobScores& scores,
                  const std::function<std::size_t(std::size_t trial)>& needs) {
  const auto known = static_cast<std::size_t>(
      std::find(scores.begin(), scores.end(), std::nullopt) - scores.begin());
  const std::size_t count = jobs.size();
  // If the visible results allow no job, one more result becomes visible at a time.
  for (std::size_t visible = count < options.parallel ? 0 : count - options.parallel + 1;
       visible <= count; ++visible) {
    if (visible > known) return {NextJob::kLater};
    const std::optional<Job> job = Choose(options, jobs, scores, visible);
    if (!job) continue;
    const std::size_t needed = job->rung == 0 ? needs(job->trial) : 0;
    if (needed > known) return {NextJob::kLater};
    return {NextJob::kJob, *job, std::max(visible, needed)};
  }
  return {NextJob::kNone};
}

}  // namespace nabla::experiment
