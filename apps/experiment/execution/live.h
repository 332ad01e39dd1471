// Live: what a person sees of a running experiment: on a terminal a line a worker and a bar that
// are redrawn, elsewhere a plain line a unit and one now and then.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "apps/experiment/execution/pool.h"

namespace nabla::experiment {

struct LiveUnit {
  std::string name;
  std::int64_t steps = 0;
};

class Live : public PoolObserver {
 public:
  // `units` are those to run, as far as they are known.
  Live(std::vector<LiveUnit> units, std::FILE* out, bool quiet);
  ~Live() override;

  void OnTick(const std::vector<std::optional<WorkerView>>& workers) override;
  void OnEnd(std::size_t unit, const UnitEnd& end) override;

  void Add(LiveUnit unit) { units_.push_back(std::move(unit)); }

  std::size_t finished() const { return finished_; }
  std::size_t failed() const { return failed_; }
  std::size_t left() const { return units_.size() - finished_ - failed_; }

 private:
  using Clock = std::chrono::steady_clock;

  std::string WorkerLine(std::size_t slot, const WorkerView& worker) const;
  std::string TotalLine(const std::vector<std::optional<WorkerView>>& workers) const;
  void Erase();

  std::vector<LiveUnit> units_;
  std::FILE* out_;
  bool quiet_;
  bool is_terminal_;
  std::size_t finished_ = 0;
  std::size_t failed_ = 0;
  std::int64_t done_steps_ = 0;  // of the units that have ended
  int lines_shown_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_;
};

// "0:07", "1:02:03".
std::string Duration(double seconds);

}  // namespace nabla::experiment
