// VectorEnvironment: n copies of an environment, stepped by one call into column matrices. Copy i
// has the random stream (seed, "<stream>.<i>") and starts anew by itself when it ends, so that its
// bits are those of a single environment that is reset with that stream at each end.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "envs/core/batch_result.h"
#include "envs/core/environment.h"

namespace nabla::envs {

class VectorEnvironment {
 public:
  // `prototype` is cloned; it should report `truncated` (a TimeLimit), or a copy may never start
  // anew.
  VectorEnvironment(const Environment& prototype, int copies, std::uint64_t seed,
                    std::string_view stream = "environment");

  const Spec& spec() const { return lanes_.front().environment->spec(); }
  int copies() const { return static_cast<int>(lanes_.size()); }

  // Starts all copies anew and sizes `result`; its observations are those of the starts.
  void Reset(BatchResult<double>& result);

  // One step of every copy, `actions` [m, n]. Throws std::invalid_argument, nothing changed, for a
  // wrong size or a value that is not finite.
  void Step(const Eigen::Ref<const Matrix>& actions, BatchResult<double>& result);

  // Copy i and its stream, to save and restore.
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
