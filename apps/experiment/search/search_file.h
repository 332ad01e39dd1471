// The `search` block of an experiment file:
//
//   search:
//     method: tpe                     # random, latin_hypercube, cma_es or tpe (sampler.h)
//     trials: 27
//     parallel: 4                     # jobs at a time, independent of --jobs (halving.h)
//     parameters:                     # (parameter.h)
//       agent.polyak_rate: {log: [0.002, 0.1]}
//     halving: {reduction: 3, steps: [5000, 10000, 20000], seeds: [1, 3, 5]}
//
// A trial is a value for each parameter. On rung r it is trained for halving.steps[r] steps with
// the first halving.seeds[r] seeds, resuming the runs of the rung below. Without `halving` there is
// one rung with the task's steps and all seeds.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "apps/experiment/search/halving.h"
#include "apps/experiment/search/parameter.h"
#include "apps/experiment/search/sampler.h"

namespace nabla::experiment {

struct HalvingConfig {
  double reduction = 3;
  std::vector<std::int64_t> steps;
  std::vector<int> seeds;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("reduction", reduction, "eta: one of so many trials is promoted to the next rung")
        .Between(1.01, 100);
    ar("steps", steps, "trainer.steps on each rung; empty: as in the task").AtLeast(1);
    ar("seeds", seeds, "Number of seeds on each rung; empty: all seeds").AtLeast(1);
  }
};

enum class Objective { kFinalScore, kMeanScore };
constexpr std::array<const char*, 2> Words(Objective) { return {"final", "mean"}; }

struct SearchConfig {
  SearchMethod method = SearchMethod::kTpe;
  int trials = 30;
  int parallel = 4;
  std::uint64_t seed = 0;
  int population = 0;
  Objective objective = Objective::kFinalScore;
  HalvingConfig halving;
  Verbatim parameters;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("method", method, "How the next trial is chosen");
    ar("trials", trials, "Number of trials").Between(1, 10'000);
    ar("parallel", parallel,
       "Trials chosen before the first of them has a result; it affects the search, --jobs does "
       "not")
        .Between(1, 10'000);
    ar("seed", seed, "Seed of the search method");
    ar("population", population, "Trials per generation of cma_es; 0: 4 + 3 ln n for n parameters")
        .AtLeast(0);
    ar("objective", objective,
       "Maximised quantity: score of the last evaluation, or mean over all evaluations of a run, "
       "which favours fast learners");
    ar("halving", halving, "Rungs of successive halving");
    ar("parameters", parameters, "key: {scale: range}; the values to search");
  }
};

struct Rung {
  std::int64_t steps = 0;
  std::size_t seeds = 0;
};

struct SearchSpec {
  SearchConfig config;
  std::vector<SearchParameter> parameters;
  std::vector<Rung> rungs;
};

// Reads the block of a file that has one; `steps` is trainer.steps of its tasks. Throws
// config::Error.
SearchSpec ReadSearch(const ExperimentFile& file, std::int64_t steps);

}  // namespace nabla::experiment
