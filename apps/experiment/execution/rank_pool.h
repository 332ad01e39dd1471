// RankPool: a pool of worker processes on each rank of one mpirun.
//
// Rank 0 knows all units and hands them out one at a time, to its own pool and to the ranks that
// ask. All ranks write into the same folder. The messages:
//
//   to rank 0     ask    a slot is free
//                 views  progress of the rank's workers, once per second
//                 end    a unit has ended, with its outcome, reason and note
//                 gone   the rank's pool is empty
//   from rank 0   unit   a UnitRun to train
//                 none   no unit is left
//                 stop   write checkpoints and end the workers
//                 bye    the rank may leave
//
// Rank 0 declares a rank lost that has been silent for RankOptions::silence. The units of a lost
// rank are not lost: as soon as nobody holds their locks, other ranks resume them from their
// checkpoints.
#pragma once

#include <deque>
#include <map>

#include "apps/experiment/execution/pool.h"
#include "apps/experiment/execution/ranks.h"

namespace nabla::experiment {

enum class RankMessageKind { kUnknown, kAsk, kViews, kEnd, kGone, kUnit, kNone, kStop, kBye };

struct RankOptions {
  double silence = 60;  // seconds without a message after which a rank counts as lost
};

// Rank 0: the source of units for its own pool and for the other ranks.
class Dispatcher : public UnitSource {
 public:
  Dispatcher(Ranks& ranks, const RankOptions& options, UnitSource& units);

  // The next unit of rank 0's own pool. Not kNone before all other ranks have ended.
  NextUnit Next() override;

  // Answers the messages that have arrived and checks for lost ranks.
  void Serve();

  // True once every other rank has gone or is lost.
  bool AllGone() const;

  void Stop();     // sends `stop` to all ranks
  void Dismiss();  // sends `bye` to all ranks, after AllGone

  void OnTick(const WorkerViews& workers) override;
  UnitRun Run(std::size_t unit) const override { return units_.Run(unit); }
  void OnEnd(std::size_t unit, const UnitEnd& end) override { units_.OnEnd(unit, end); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Rank {
    bool asks = false;  // waits for an answer
    bool gone = false;
    bool lost = false;
    Clock::time_point heard = Clock::now();
    std::vector<std::size_t> units;  // in training
    WorkerViews views;
  };

  void Broadcast(RankMessageKind kind);
  void Handle(const RankMessage& message);
  void Answer(int rank);
  void TakeOver(int rank);
  NextUnit NextUnassigned();
  bool IsBusy() const;

  Ranks& ranks_;
  RankOptions options_;
  UnitSource& units_;
  std::map<int, Rank> others_;
  std::deque<std::size_t> returned_;  // units of lost ranks
};

// RunPool, which on rank 0 of several also serves the pools of the other ranks and then ends them.
// `ranks` is null without mpirun.
void RunPoolOnRanks(Ranks* ranks, const PoolOptions& options, UnitSource& units,
                    const std::atomic<bool>& stop);

// The other ranks: trains the units that rank 0 hands out until none is left.
void ServeRank(Ranks& ranks, const PoolOptions& options, const std::atomic<bool>& stop);

}  // namespace nabla::experiment
