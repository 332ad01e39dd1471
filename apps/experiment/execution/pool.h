// Pool: a few worker processes, a unit each at a time, each on its own share of the cores.
//
// A worker is forked for every unit: whatever becomes of it (a crash, a lack of memory) is the end
// of that unit alone. It ends when its parent does, with a checkpoint. What a unit computes depends
// on its task alone, so neither the number of workers nor their order changes a result.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/experiment/execution/unit.h"

namespace nabla::experiment {

// What a worker is at.
struct WorkerView {
  std::size_t unit = 0;  // index into the units that Run was given
  std::int64_t first_step = -1;
  std::int64_t step = 0;
  std::optional<double> total_reward;  // of the last evaluation
  std::chrono::steady_clock::time_point start;
};

class PoolObserver {
 public:
  virtual ~PoolObserver() = default;
  // `workers[slot]` is empty while a slot is idle.
  virtual void OnTick(const std::vector<std::optional<WorkerView>>& workers) = 0;
  virtual void OnEnd(std::size_t unit, const UnitEnd& end) = 0;
};

// What a free slot is to do.
struct NextUnit {
  enum Kind {
    kUnit,
    kLater,  // nothing at present, but ask again
    kNone,   // nothing any more
  };
  Kind kind = kNone;
  std::size_t unit = 0;
};

using UnitSource = std::function<NextUnit()>;

struct PoolOptions {
  int jobs = 1;
  bool pin = true;
};

// Runs units until the source has none or `stop` is set; then all workers write checkpoints and
// end. `run(i)` describes unit i. Returns when no worker is left. The calling process must have no
// other threads.
void RunPool(const PoolOptions& options, const UnitSource& next,
             const std::function<UnitRun(std::size_t)>& run, const std::atomic<bool>& stop,
             PoolObserver& observer);

// The cores that this process may use, split into `jobs` shares as equal as possible; more jobs
// than cores take turns.
std::vector<std::vector<int>> CoreShares(int jobs);

int AvailableCores();

}  // namespace nabla::experiment
