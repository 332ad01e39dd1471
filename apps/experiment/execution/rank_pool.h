// RankPool: the pool of worker processes spread over the ranks of one mpirun.
//
// Every rank runs a pool. Rank 0 knows the units and hands them out one by one, to its own pool and
// to whoever asks; the others know nothing but what they are handed. All write into one folder.
//
//   to rank 0:    ask  |  end (unit, outcome, reason)  |  views (now and then, a sign of life)  |
//   gone from rank 0:  unit (all that a UnitRun holds)  |  none  |  stop  |  bye
//
// A rank that gives no sign of life is lost, and so are none of its units: once nobody holds their
// locks any more they are handed to others, who go on from the checkpoints.
#pragma once

#include <deque>
#include <map>

#include "apps/experiment/execution/pool.h"
#include "apps/experiment/execution/ranks.h"

namespace nabla::experiment {

struct RankOptions {
  double silence = 60;  // seconds without a word after which a rank counts as lost
};

// Rank 0's side: a source of units for its own pool that serves the other ranks beside.
class Dispatcher : public PoolObserver {
 public:
  Dispatcher(Ranks& ranks, const RankOptions& options, const UnitSource& next,
             const std::function<UnitRun(std::size_t)>& run, PoolObserver& observer);

  // For the own pool: none only once all other ranks are done.
  NextUnit Next();

  // Answers what has arrived, and looks for lost ranks.
  void Serve();

  // True once every rank has gone or is lost.
  bool AllGone() const;

  void Stop();     // tells all ranks to
  void Dismiss();  // after AllGone

  void OnTick(const std::vector<std::optional<WorkerView>>& workers) override;
  void OnEnd(std::size_t unit, const UnitEnd& end) override { observer_.OnEnd(unit, end); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Rank {
    bool asks = false;  // and has no answer yet
    bool gone = false;
    bool lost = false;
    Clock::time_point heard = Clock::now();
    std::vector<std::size_t> units;  // it is at
    std::vector<std::optional<WorkerView>> views;
  };

  void Tell(const char* kind);
  void Take(const RankMessage& message);
  void Answer(int rank);
  void TakeOver(int rank);
  NextUnit NextOfAll();
  bool IsBusy() const;

  Ranks& ranks_;
  RankOptions options_;
  const UnitSource& next_;
  const std::function<UnitRun(std::size_t)>& run_;
  PoolObserver& observer_;
  std::map<int, Rank> others_;
  std::deque<std::size_t> returned_;  // units of lost ranks
};

// RunPool, with the other ranks' pools beside.
void RunPoolOnRanks(Ranks& ranks, const PoolOptions& options, const UnitSource& next,
                    const std::function<UnitRun(std::size_t)>& run, const std::atomic<bool>& stop,
                    PoolObserver& observer);

// The other ranks: works at what rank 0 hands out until there is nothing any more.
void ServeRank(Ranks& ranks, const PoolOptions& options, const std::atomic<bool>& stop);

}  // namespace nabla::experiment
