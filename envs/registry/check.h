// The laws that every environment keeps, checked on one environment: `nabla check-env NAME` prints
// them, and the tests walk the registry with them. An environment of one's own gets them for free.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "envs/core/environment.h"

namespace nabla::envs {

struct LawResult {
  std::string law;  // what must hold, one line
  bool holds = false;
  std::string detail;  // what was measured, or where it failed
};

// Checks, with random actions from `seed`:
//   spec            sizes, bounds and times make sense
//   finite          observations and rewards are finite, rewards within the spec's range
//   same seed       the same seed gives the same trace, bit for bit
//   round trip      State and Memory of the middle of an episode restore the rest, bit for bit
//   fresh reset     a reset does not depend on what was before
//   clone           a clone goes its own way
//   bad input       wrong sizes and values that are not finite are refused, the state unchanged
//   parameters      values out of range and unknown names are refused, nothing changed
//   value           Derivatives gives the values of Step
//   derivatives     ... and their exact derivatives, against central differences, to 1e-6
//   continuity      the derivatives change little with the state, but for kinks
//   picture         it draws itself: finite, and sets its view first
std::vector<LawResult> CheckEnvironment(const Environment& environment, std::uint64_t seed = 1);

}  // namespace nabla::envs
