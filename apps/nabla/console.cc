#include "apps/nabla/console.h"

#include <spdlog/fmt/fmt.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "apps/text/text.h"

namespace nabla::apps {
namespace {

constexpr std::size_t kRecentEpisodes = 10;
constexpr auto kTerminalInterval = std::chrono::milliseconds(100);
constexpr auto kPlainInterval = std::chrono::seconds(10);
constexpr std::size_t kTableWidth = 74;  // without the metrics
constexpr std::size_t kMetricWidth = 17;
constexpr double kLongest = 1000 * 3600;  // s; a longer estimate is not shown

double Seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

void Say(std::FILE* out, const std::string& text) {
  std::fputs(text.c_str(), out);
  std::fflush(out);
}

Console::Console(const agent::Trainer& trainer, std::FILE* out, Clock::time_point (*now)())
    : trainer_(trainer), out_(out), now_(now), is_terminal_(isatty(fileno(out)) == 1) {
  if (!is_terminal_) next_ += kPlainInterval;
}

Console::~Console() {
  if (is_terminal_) Say(out_, "\r\x1b[K");  // the echo of a Ctrl-C as well
}

int Console::Width() const {
  winsize size = {};
  if (!is_terminal_ || ioctl(fileno(out_), TIOCGWINSZ, &size) < 0 || size.ws_col == 0) {
    return std::numeric_limits<int>::max();
  }
  return size.ws_col;
}

std::string Console::Erased() {
  if (!line_shown_) return "";
  line_shown_ = false;
  return "\r\x1b[K";
}

std::string Console::ProgressLine(std::int64_t step) const {
  const std::int64_t total = trainer_.config().trainer.steps;
  const auto steps = static_cast<double>(trainer_.SessionSteps());
  // The remaining time includes evaluations and checkpoints; the speed is of the steps alone.
  const double left = static_cast<double>(std::max<std::int64_t>(total - step, 0)) / steps *
                      Seconds(now_() - start_);
  std::string recent = "-";
  if (!returns_.empty())
    recent = fmt::format("{:.1f}", agent::Mean({returns_.begin(), returns_.end()}));
  return fmt::format("step {}/{} ({:.0f} %)  return {}  {:.0f} steps/s  ETA {}", step, total,
                     100 * static_cast<double>(step) / static_cast<double>(total), recent,
                     steps / std::max(trainer_.StepSeconds(), 1e-9),
                     left < kLongest ? text::Duration(left) : "-");
}

void Console::OnStep(std::int64_t step) {
  const auto now = now_();
  if (now < next_) return;
  next_ =
      now + (is_terminal_ ? Clock::duration(kTerminalInterval) : Clock::duration(kPlainInterval));
  std::string line = ProgressLine(step);
  if (is_terminal_) {
    // A line that wraps could not be erased.
    line.resize(std::min(line.size(), static_cast<std::size_t>(Width() - 1)));
    Say(out_, "\r" + line + "\x1b[K");
    line_shown_ = true;
  } else {
    Say(out_, line + "\n");
  }
}

void Console::OnEpisode(const agent::EpisodeRecord& record) {
  returns_.push_back(record.total_reward);
  if (returns_.size() > kRecentEpisodes) returns_.pop_front();
}

void Console::OnEvaluation(const agent::EvaluationRecord& record) {
  std::string text = Erased();
  const std::vector<agent::Metric>& metrics = *record.metrics;
  if (!header_written_) {
    header_written_ = true;
    const auto width = static_cast<std::size_t>(Width());
    const std::size_t room = width > kTableWidth ? (width - kTableWidth) / kMetricWidth : 0;
    metric_columns_ = std::min(metrics.size(), room);
    text += fmt::format("{:>10} {:>10} {:>9} {:>10} {:>10} {:>8}", "step", "return", "std", "min",
                        "max", "length");
    for (std::size_t i = 0; i < metric_columns_; ++i)
      text += fmt::format(" {:>16}", metrics[i].name);
    text += fmt::format(" {:>9}\n", "seconds");
  }
  const auto& returns = record.result.returns;
  text +=
      fmt::format("{:>10} {:>10.2f} {:>9.2f} {:>10.2f} {:>10.2f} {:>8.1f}", record.step,
                  agent::Mean(returns), agent::StandardDeviation(returns), agent::Minimum(returns),
                  agent::Maximum(returns), agent::Mean(record.result.lengths));
  for (std::size_t i = 0; i < metric_columns_; ++i)
    text += fmt::format(" {:>16.4g}", metrics[i].Mean());
  Say(out_, text + fmt::format(" {:>9.2f}\n", record.seconds));
}

}  // namespace nabla::apps
