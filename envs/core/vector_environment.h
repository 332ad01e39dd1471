// VectorEnvironment: n copies of an environment that one call steps; each copy is one column of the
// results. Copy i has the random stream (seed, "<stream>.<i>") and restarts by itself when its
// episode ends. It has the bits of a single environment that is reset with that stream.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "envs/core/batch_result.h"
#include "envs/core/environment.h"

namespace nabla::envs {

class VectorEnvironment {
 public:
  // Clones `prototype`, which should have a TimeLimit: without one a copy may never restart.
  VectorEnvironment(const Environment& prototype, int copies, std::uint64_t seed,
                    std::string_view stream = "environment");

  const Spec& spec() const { return lanes_.front().environment->spec(); }
  int copies() const { return static_cast<int>(lanes_.size()); }

  // Restarts all copies, resizes `result` and writes the initial observations to it.
  void Reset(BatchResult<double>& result);

  // Steps every copy; `actions` is [action_size, n]. Throws std::invalid_argument and changes
  // nothing if a size is wrong or a value is not finite.
  void Step(const Eigen::Ref<const Matrix>& actions, BatchResult<double>& result);

  // Copy i and its random stream, to save and restore them.
  Environment& environment(int i) { return *lanes_[static_cast<std::size_t>(i)].environment; }
  Rng& rng(int i) { return lanes_[static_cast<std::size_t>(i)].rng; }

 private:
  struct Lane {
    std::unique_ptr<Environment> environment;
    Rng rng;
  };

  std::vector<Lane> lanes_;
};

}  // namespace nabla::envs
