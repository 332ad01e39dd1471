// Sampler: the next point of a search, as a function of the results so far.
//
//   random            uniform
//   latin_hypercube   n trials, with one trial in each n-th part of every coordinate (McKay,
//                     Beckman & Conover 1979)
//   cma_es            generations of CMA-ES (cma_es.h), reflected at the faces of the cube
//   tpe               TPE (tpe.h) on the highest rung with enough results, after first trials by
//                     Latin hypercube
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "apps/experiment/search/halving.h"
#include "apps/experiment/search/tpe.h"

namespace nabla::experiment {

// A result that is known when a trial is chosen.
struct Observation {
  Job job;
  Point point;
  double score = 0;  // higher is better; −∞ is a failure
};

enum class SearchMethod { kRandom, kLatinHypercube, kCmaEs, kTpe };
constexpr std::array<const char*, 4> Words(SearchMethod) {
  return {"random", "latin_hypercube", "cma_es", "tpe"};
}

struct SamplerOptions {
  SearchMethod method = SearchMethod::kTpe;
  std::size_t trials = 1;
  std::uint64_t seed = 0;
  int population = 0;  // of cma_es; 0: its default
};

class Sampler {
 public:
  virtual ~Sampler() = default;

  // The number of first jobs whose results the suggestion of `trial` depends on.
  virtual std::size_t Needs(std::size_t /*trial*/) const { return 0; }

  // A point in [0, 1)^n. `seen` are the known results, in the order of the jobs. To be called for
  // the trials in their order, starting with 0.
  virtual Point Suggest(std::size_t trial, const std::vector<Observation>& seen) = 0;
};

std::unique_ptr<Sampler> MakeSampler(const SamplerOptions& options,
                                     const std::vector<Coordinate>& coordinates);

}  // namespace nabla::experiment
