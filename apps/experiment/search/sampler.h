// Sampler: where a search looks next, as a function of the results so far alone.
//
//   random            uniform
//   latin_hypercube   of all trials, one in each of as many equal parts of every coordinate (McKay,
//                     Beckman & Conover 1979)
//   cma_es            generations of CMA-ES (cma_es.h), folded into the cube at its faces
//   tpe               TPE (tpe.h) on the highest rung that has enough results, after a start by
//                     Latin hypercube
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/experiment/search/halving.h"
#include "apps/experiment/search/tpe.h"

namespace nabla::experiment {

// What is known when a trial is chosen.
struct Observation {
  Job job;
  Point point;
  double score = 0;  // higher is better, −∞ for a failure
};

struct SamplerOptions {
  std::string method = "tpe";
  std::size_t trials = 1;
  std::uint64_t seed = 0;
  int population = 0;  // of cma_es; 0: its own
};

class Sampler {
 public:
  virtual ~Sampler() = default;

  // So many jobs have to have results before `trial` can be suggested.
  virtual std::size_t Needs(std::size_t /*trial*/) const { return 0; }

  // In [0, 1)^n. `seen` are the results that may be used, in the order of the jobs. Trials are
  // asked for in their order, 0 first.
  virtual Point Suggest(std::size_t trial, const std::vector<Observation>& seen) = 0;
};

const std::vector<std::string>& SearchMethods();

std::unique_ptr<Sampler> MakeSampler(const SamplerOptions& options,
                                     const std::vector<Coordinate>& coordinates);

}  // namespace nabla::experiment
