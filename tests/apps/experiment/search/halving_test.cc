// Successive halving: the order of the jobs depends only on their results.
#include "apps/experiment/search/halving.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "envs/core/random.h"
#include "tests/support/catch.h"

namespace nabla::experiment {
namespace {

constexpr double kFailed = -std::numeric_limits<double>::infinity();

// The true score of a trial plus noise, which falls with the rung.
double Score(const Job& job) {
  if (job.trial % 13 == 5) return kFailed;
  Rng rng(job.trial, "rung." + std::to_string(job.rung));
  const double noise = rng.Normal() / std::pow(4, static_cast<double>(job.rung));
  return std::sin(static_cast<double>(7 * job.trial)) + noise;
}

std::size_t NeedsNothing(std::size_t) { return 0; }

// All jobs of a search with `workers` workers that end in a random order.
std::vector<Job> Simulate(const HalvingOptions& options, std::size_t workers, std::uint64_t seed,
                          std::size_t* most_under_way = nullptr) {
  Rng rng(seed);
  std::vector<Job> jobs;
  std::vector<std::optional<double>> scores;
  std::vector<std::size_t> under_way;
  for (;;) {
    while (under_way.size() < workers) {
      const NextJob next = ChooseJob(options, jobs, scores, NeedsNothing);
      if (next.kind == NextJob::kNone) {
        CHECK(under_way.empty());
        return jobs;
      }
      if (next.kind == NextJob::kLater) break;
      under_way.push_back(jobs.size());
      jobs.push_back(next.job);
      scores.emplace_back();
    }
    REQUIRE(!under_way.empty());  // it never waits without running jobs
    if (most_under_way != nullptr) *most_under_way = std::max(*most_under_way, under_way.size());
    const std::size_t i = rng.Below(under_way.size());
    scores[under_way[i]] = Score(jobs[under_way[i]]);
    under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

TEST_CASE("The jobs are the same for any number of workers and any order in which they end") {
  for (const std::size_t parallel : {1, 4, 9}) {
    const HalvingOptions options{.trials = 40, .rungs = 3, .reduction = 3, .parallel = parallel};
    const std::vector<Job> expected = Simulate(options, 1, 0);
    std::size_t most = 0;
    for (std::uint64_t seed = 1; seed < 30; ++seed) {
      CHECK(Simulate(options, 1 + seed % 12, seed, &most) == expected);
    }
    CHECK(most == parallel);  // as many as allowed, and not more
  }
}

TEST_CASE("Each rung has the best share of the rung below") {
  const HalvingOptions options{.trials = 60, .rungs = 4, .reduction = 2, .parallel = 5};
  const std::vector<Job> jobs = Simulate(options, 3, 1);
  std::map<std::size_t, std::vector<std::size_t>> rungs;
  for (const Job& job : jobs) rungs[job.rung].push_back(job.trial);
  CHECK(rungs[0].size() == 60);
  for (std::size_t rung = 1; rung < 4; ++rung) {
    const std::set<std::size_t> distinct(rungs[rung].begin(), rungs[rung].end());
    CHECK(distinct.size() == rungs[rung].size());
    // The best of all were promoted, and some early promotions as well.
    std::vector<std::size_t> below = rungs[rung - 1];
    std::sort(below.begin(), below.end(), [&](std::size_t a, std::size_t b) {
      return Score({a, rung - 1}) > Score({b, rung - 1});
    });
    REQUIRE(rungs[rung].size() >= below.size() / 2);
    CHECK(rungs[rung].size() <= below.size() * 3 / 4);
    for (std::size_t i = 0; i < below.size() / 2; ++i) CHECK(distinct.contains(below[i]));
    for (const std::size_t trial : distinct) CHECK(std::isfinite(Score({trial, rung - 1})));
  }
}

TEST_CASE("A trial without a number for a score is the worst, whenever it ran") {
  const HalvingOptions options{.trials = 3, .rungs = 2, .reduction = 3, .parallel = 1};
  const std::vector<Job> jobs = {{0, 0}, {1, 0}, {2, 0}};
  for (std::size_t i = 0; i < 3; ++i) {
    INFO(i);
    std::vector<std::optional<double>> scores = {1, 1, 1};
    scores[i] = std::numeric_limits<double>::quiet_NaN();
    scores[(i + 1) % 3] = 2;
    CHECK(ChooseJob(options, jobs, scores, NeedsNothing).job == Job{(i + 1) % 3, 1});
  }
}

TEST_CASE("With one rung every trial is one job; a generation waits for the one before") {
  const HalvingOptions options{.trials = 10, .rungs = 1, .reduction = 3, .parallel = 10};
  CHECK(Simulate(options, 3, 1).size() == 10);
  const auto needs = [](std::size_t trial) { return trial - trial % 4; };
  std::vector<Job> jobs;
  std::vector<std::optional<double>> scores;
  for (std::size_t trial = 0; trial < 4; ++trial) {
    CHECK(ChooseJob(options, jobs, scores, needs).job == Job{trial, 0});
    jobs.push_back({trial, 0});
    scores.emplace_back();
  }
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(ChooseJob(options, jobs, scores, needs).kind == NextJob::kLater);
    scores[k] = 1;
  }
  const NextJob next = ChooseJob(options, jobs, scores, needs);
  CHECK(next.kind == NextJob::kJob);
  CHECK(next.visible == 4);
}

}  // namespace
}  // namespace nabla::experiment
