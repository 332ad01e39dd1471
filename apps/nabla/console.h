// Console: prints the progress of a training run: a table of evaluations and, on a terminal, a
// progress line below it. Elsewhere it prints plain progress lines from time to time.
#pragma once

#include <chrono>
#include <cstdio>
#include <deque>
#include <string>

#include "agent/training/trainer.h"

namespace nabla::apps {

// Writes `text` and flushes. Errors are ignored, since a closed pipe should not end a training;
// main reports them at the end.
void Say(std::FILE* out, const std::string& text);

class Console : public agent::Observer {
 public:
  using Clock = std::chrono::steady_clock;

  // `now` is the clock, for tests.
  Console(const agent::Trainer& trainer, std::FILE* out, Clock::time_point (*now)() = Clock::now);
  ~Console() override;

  void OnStep(std::int64_t step) override;
  void OnEpisode(const agent::EpisodeRecord& record) override;
  void OnEvaluation(const agent::EvaluationRecord& record) override;

 private:
  int Width() const;  // columns of the terminal
  std::string ProgressLine(std::int64_t step) const;
  std::string Erased();  // the text that clears the progress line, if one is shown

  const agent::Trainer& trainer_;
  std::FILE* out_;
  Clock::time_point (*now_)();
  bool is_terminal_;
  std::size_t metric_columns_ = 0;  // of the table; set with its header
  bool header_written_ = false;
  bool line_shown_ = false;
  Clock::time_point start_ = now_();
  Clock::time_point next_ = start_;
  std::deque<double> returns_;  // of the last training episodes
};

}  // namespace nabla::apps
