// ProgressDisplay: the state of a running experiment as text. On a terminal one line per worker and
// a progress bar, redrawn in place; elsewhere one plain line per finished unit and a summary every
// ten seconds.
#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "apps/experiment/execution/pool.h"

namespace nabla::experiment {

struct DisplayedUnit {
  std::string name;
  std::int64_t steps = 0;
};

class ProgressDisplay {
 public:
  ProgressDisplay(std::FILE* out, bool quiet);
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void OnTick(const WorkerViews& workers);
  void OnEnd(std::size_t unit, const UnitEnd& end);

  // Adds a unit to run, which the functions above then count from 0.
  void Add(DisplayedUnit unit) { units_.push_back(std::move(unit)); }

 private:
  using Clock = std::chrono::steady_clock;

  std::string WorkerLine(std::size_t slot, const WorkerView& worker) const;
  std::string TotalLine(const WorkerViews& workers) const;
  void Erase();

  std::vector<DisplayedUnit> units_;
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

}  // namespace nabla::experiment
