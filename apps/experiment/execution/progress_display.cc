#include "apps/experiment/execution/progress_display.h"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>

#include "agent/state/file_io.h"
#include "apps/experiment/plan/experiment_file.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

constexpr auto kTerminalInterval = std::chrono::milliseconds(200);
constexpr auto kPlainInterval = std::chrono::seconds(10);
constexpr std::size_t kBarWidth = 24;

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Steps per second of a worker since its start; 0 while unknown.
double Rate(const WorkerView& worker) {
  if (worker.first_step < 0) return 0;
  return static_cast<double>(worker.step - worker.first_step) /
         std::max(SecondsSince(worker.start), 1e-9);
}

std::string Remaining(double steps, double rate) {
  return rate > 0 ? text::Duration(steps / rate) : "-";
}

}  // namespace

ProgressDisplay::ProgressDisplay(std::FILE* out, bool quiet)
    : out_(out), quiet_(quiet), is_terminal_(isatty(fileno(out)) == 1), next_(Clock::now()) {
  if (!is_terminal_) next_ += kPlainInterval;
}

ProgressDisplay::~ProgressDisplay() { Erase(); }

void ProgressDisplay::Erase() {
  for (; lines_shown_ > 0; --lines_shown_) fmt::print(out_, "\x1b[A\x1b[2K");
  if (is_terminal_) std::fflush(out_);
}

std::string ProgressDisplay::WorkerLine(std::size_t slot, const WorkerView& worker) const {
  const DisplayedUnit& unit = units_[worker.unit];
  const double rate = Rate(worker);
  const std::string total_reward =
      worker.total_reward ? fmt::format("{:.1f}", *worker.total_reward) : "-";
  return fmt::format("{:>3} {}  step {}/{}  return {}  {:.0f} steps/s  ETA {}", slot + 1,
                     agent::OneLine(unit.name), worker.step, unit.steps, total_reward, rate,
                     Remaining(static_cast<double>(unit.steps - worker.step), rate));
}

std::string ProgressDisplay::TotalLine(const WorkerViews& workers) const {
  double total = 0, done = static_cast<double>(done_steps_), rate = 0;
  for (const DisplayedUnit& unit : units_) total += static_cast<double>(unit.steps);
  for (const auto& worker : workers) {
    if (!worker) continue;
    done += static_cast<double>(worker->step);
    rate += Rate(*worker);
  }
  const double share = total > 0 ? std::min(done / total, 1.0) : 1;
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  const std::string failed = failed_ > 0 ? fmt::format(", {} failed", failed_) : "";
  return fmt::format("[{}{}] {}/{} units{}  {:.0f} %  elapsed {}  ETA {}", std::string(filled, '#'),
                     std::string(kBarWidth - filled, '.'), finished_ + failed_, units_.size(),
                     failed, 100 * share, text::Duration(SecondsSince(start_)),
                     Remaining(total - done, rate));
}

void ProgressDisplay::OnTick(const WorkerViews& workers) {
  if (quiet_ || Clock::now() < next_) return;
  next_ = Clock::now() +
          (is_terminal_ ? Clock::duration(kTerminalInterval) : Clock::duration(kPlainInterval));
  Erase();
  for (std::size_t slot = 0; slot < workers.size(); ++slot) {
    if (!workers[slot]) continue;
    fmt::print(out_, "{}\n", WorkerLine(slot, *workers[slot]));
    if (is_terminal_) ++lines_shown_;
  }
  fmt::print(out_, "{}\n", TotalLine(workers));
  if (is_terminal_) ++lines_shown_;
  std::fflush(out_);
}

void ProgressDisplay::OnEnd(std::size_t unit, const UnitEnd& end) {
  if (end.outcome == UnitOutcome::kFinished) ++finished_;
  if (end.outcome == UnitOutcome::kFailed) ++failed_;
  if (end.outcome != UnitOutcome::kElsewhere) done_steps_ += units_[unit].steps;
  if (quiet_ && end.outcome == UnitOutcome::kFinished) return;
  Erase();
  fmt::print(out_, "{} {}/{}  {}{}{}{}{}\n", WordOf(end.outcome), finished_ + failed_,
             units_.size(), agent::OneLine(units_[unit].name), end.reason.empty() ? "" : ": ",
             agent::OneLine(end.reason), end.note.empty() ? "" : "; ", agent::OneLine(end.note));
  std::fflush(out_);
}

}  // namespace nabla::experiment
