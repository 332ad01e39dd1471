// Console: what a person sees of a training run: a table of evaluations and, on a terminal, a
// progress line below it; plain lines now and then where the output is no terminal.
#pragma once

#include <chrono>
#include <cstdio>
#include <deque>
#include <string>

#include "agent/training/trainer.h"

namespace nabla::apps {

// Writes `text` at once. A reader that has gone (a closed pipe) is no reason to end a training:
// main tells of it when all is done.
void Say(std::FILE* out, const std::string& text);

class Console : public agent::Observer {
 public:
  Console(const agent::Trainer& trainer, std::FILE* out);
  ~Console() override;

  void OnStep(std::int64_t step) override;
  void OnEpisode(const agent::EpisodeRecord& record) override;
  void OnEvaluation(const agent::EvaluationRecord& record) override;

 private:
  using Clock = std::chrono::steady_clock;

  int Width() const;  // columns of the terminal
  std::string ProgressLine(std::int64_t step) const;
  std::string Erased();  // what clears the progress line, if one is shown

  const agent::Trainer& trainer_;
  std::FILE* out_;
  bool is_terminal_;
  std::size_t metric_columns_ = 0;  // of the table; known with its header
  bool header_written_ = false;
  bool line_shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_;
  std::deque<double> returns_;  // of the last training episodes
};

}  // namespace nabla::apps
