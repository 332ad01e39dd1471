// The laws that every environment must keep. `nabla check-env NAME` checks them for one
// environment, the tests for every environment in the registry.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "envs/core/environment.h"

namespace nabla::envs {

struct LawResult {
  std::string law;  // what must hold, one line
  bool holds = false;
  std::string detail;  // what was measured, or where the law fails
};

// Checks these laws, with random actions from `seed`:
//   spec            sizes, bounds and times are valid
//   finite          observations and rewards are finite, rewards within the spec's range
//   same seed       the same seed gives the same trace, bit for bit
//   round trip      State and Memory in the middle of an episode restore the rest of it, bit for
//                   bit and in either order
//   fresh reset     a reset does not depend on earlier episodes
//   clone           a clone is independent of the original
//   bad input       wrong sizes and values that are not finite are refused, the state unchanged
//   parameters      values out of range and unknown names are refused, the state unchanged; valid
//                   values keep the state
//   picture         Draw sets the view first and draws finite shapes
// and, of an environment with derivatives:
//   value           Derivatives gives the values of Step
//   derivatives     ... and their exact derivatives: equal to central differences within 1e-6
//   continuity      the derivatives are continuous in the state, except at kinks
std::vector<LawResult> CheckEnvironment(const Environment& environment, std::uint64_t seed = 1);

}  // namespace nabla::envs
