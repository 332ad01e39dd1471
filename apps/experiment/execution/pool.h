// Pool: worker processes, each of which trains one unit at a time on its own share of the cores.
//
// Each unit gets a new process, so that a crash or a lack of memory ends this unit alone. A worker
// writes a checkpoint and ends when its parent process ends. The result of a unit depends only on
// its task, not on the number of workers or their order.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/experiment/execution/unit.h"

namespace nabla::experiment {

// The progress of a worker.
struct WorkerView {
  std::size_t unit = 0;  // as its source counts
  std::int64_t first_step = -1;
  std::int64_t step = 0;
  std::optional<double> total_reward;  // of the last evaluation
  std::chrono::steady_clock::time_point start;
};

using WorkerViews = std::vector<std::optional<WorkerView>>;

// What a free worker slot does next.
struct NextUnit {
  enum Kind {
    kUnit,
    kLater,  // no unit at present: ask again
    kNone,   // no unit is left
  };
  Kind kind = kNone;
  std::size_t unit = 0;
};

// The units that a pool trains, and who watches them.
class UnitSource {
 public:
  virtual ~UnitSource() = default;
  virtual NextUnit Next() = 0;
  virtual UnitRun Run(std::size_t unit) const = 0;  // describes the unit
  // `workers[slot]` is empty while a slot is idle.
  virtual void OnTick(const WorkerViews& workers) = 0;
  virtual void OnEnd(std::size_t unit, const UnitEnd& end) = 0;
};

struct PoolOptions {
  int jobs = 1;
  bool pin = true;  // each worker to its share of the cores
};

// Runs units until the source has none left, or until `stop` is set: then all workers write
// checkpoints and end. Returns after the last worker has ended. The calling process must not have
// other threads, since it forks.
void RunPool(const PoolOptions& options, UnitSource& units, const std::atomic<bool>& stop);

// The cores that this process may use, split into `jobs` shares of about equal size; with more jobs
// than cores, several jobs share a core.
std::vector<std::vector<int>> CoreShares(int jobs);

int AvailableCores();

}  // namespace nabla::experiment
