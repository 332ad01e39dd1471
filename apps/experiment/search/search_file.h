// The `search` block of an experiment file:
//
//   search:
//     method: tpe                     # random, latin_hypercube, cma_es or tpe (sampler.h)
//     trials: 27
//     parallel: 4                     # jobs under way at a time, whatever --jobs (halving.h)
//     parameters:                     # (parameter.h)
//       agent.polyak_rate: {log: [0.002, 0.1]}
//     halving: {reduction: 3, steps: [5000, 10000, 20000], seeds: [1, 3, 5]}
//
// A trial is a value for each parameter. On rung r it is trained for halving.steps[r] steps with
// the first halving.seeds[r] seeds; what it has learned on the rung below is gone on with. Without
// `halving` there is one rung: the task's steps and all seeds.
#pragma once

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
    ar("reduction", reduction, "eta: one trial of so many goes one rung up").Between(1.01, 100);
    ar("steps", steps, "trainer.steps on each rung; empty: the task's on all").AtLeast(1);
    ar("seeds", seeds, "Number of seeds on each rung; empty: all on all").AtLeast(1);
  }
};

struct SearchConfig {
  std::string method = "tpe";
  int trials = 30;
  int parallel = 4;
  std::uint64_t seed = 0;
  int population = 0;
  std::string objective = "final";
  HalvingConfig halving;
  Verbatim parameters;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("method", method, "How the next trial is chosen").OneOf(SearchMethods());
    ar("trials", trials, "Trials in all").Between(1, 10'000);
    ar("parallel", parallel,
       "Trials that are chosen before the first of them has a result; part of the search, whatever "
       "--jobs")
        .Between(1, 10'000);
    ar("seed", seed, "Seed of the search itself");
    ar("population", population, "Of cma_es: trials a generation; 0: 4 + 3 ln n").AtLeast(0);
    ar("objective", objective,
       "What is maximised: score of the last evaluation, or mean over all of a run (fast learners)")
        .OneOf({"final", "mean"});
    ar("halving", halving, "Rungs of successive halving");
    ar("parameters", parameters, "key: {scale: range}; what is looked for");
  }
};

struct Rung {
  std::int64_t steps = 0;
  std::size_t seeds = 0;
};

struct SearchSpec {
  SearchConfig config;
  std::vector<Parameter> parameters;
  std::vector<Rung> rungs;

  HalvingOptions halving() const;
  SamplerOptions sampler() const;
  std::vector<Coordinate> coordinates() const;
};

// The block of a file that has one; `steps` are those of its tasks. Throws config::Error.
SearchSpec ReadSearch(const ExperimentFile& file, std::int64_t steps);

}  // namespace nabla::experiment
