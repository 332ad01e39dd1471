#include "apps/experiment/execution/estimate.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <system_error>

#include "agent/state/file_io.h"
#include "agent/training/trainer.h"

namespace nabla::experiment {
namespace {

using Clock = std::chrono::steady_clock;

struct Answer {
  Estimate estimate;
  std::array<char, 500> error{};
};

// Processor time of this thread, which does not include other programs.
double ProcessorSeconds() {
  timespec time = {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// The mean over as many calls as fit into the budget.
template <class Action>
double SecondsOfCall(double budget, const Action& action) {
  action();  // the first call also pays for page faults
  const auto end = Clock::now() + std::chrono::duration<double>(budget);
  const double before = ProcessorSeconds();
  int count = 0;
  do {
    action();
    ++count;
  } while (Clock::now() < end);
  return (ProcessorSeconds() - before) / count;
}

Estimate Train(const agent::TaskConfig& config, int threads, double budget) {
  agent::Workers workers(threads);
  const auto environments = static_cast<double>(config.trainer.envs);
  double warmup_step = 0;
  {
    agent::TaskConfig warm = config;
    warm.trainer.warmup_steps = config.trainer.steps + config.trainer.envs;
    agent::Trainer trainer(warm, workers);
    warmup_step = SecondsOfCall(budget / 4, [&] { trainer.Step(); }) / environments;
  }
  agent::TaskConfig learning = config;
  learning.trainer.warmup_steps = 1;
  agent::Trainer trainer(learning, workers);
  const double learning_step = SecondsOfCall(budget / 2, [&] { trainer.Step(); }) / environments;
  const double evaluation = SecondsOfCall(budget / 4, [&] { trainer.RunEvaluation(false); });
  const auto steps = static_cast<double>(config.trainer.steps);
  const double warm = std::min(steps, static_cast<double>(config.trainer.warmup_steps));
  const auto every = static_cast<double>(config.evaluation.every);
  const double evaluations = every > 0 ? std::ceil(steps / every) : 1;
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return {warm * warmup_step + (steps - warm) * learning_step + evaluations * evaluation,
          static_cast<double>(usage.ru_maxrss) / 1024};
}

[[noreturn]] void Child(const agent::TaskConfig& config, int threads, double budget, int pipe) {
  Answer answer;
  try {
    answer.estimate = Train(config, threads, budget);
  } catch (const std::exception& error) {
    std::strncpy(answer.error.data(), error.what(), answer.error.size() - 1);
  }
  [[maybe_unused]] const auto ignored = ::write(pipe, &answer, sizeof(answer));
  ::_exit(0);
}

}  // namespace

Estimate EstimateUnit(const agent::TaskConfig& config, int threads, double budget) {
  agent::Pipe pipe;
  const pid_t process = ::fork();
  if (process < 0) throw std::system_error(errno, std::generic_category(), "cannot fork");
  if (process == 0) Child(config, threads, budget, pipe.write_end.get());
  pipe.write_end.Close();
  Answer answer;
  ssize_t count = 0;
  do {
    count = ::read(pipe.read_end.get(), &answer, sizeof(answer));
  } while (count < 0 && errno == EINTR);
  agent::WaitForProcess(process);
  if (count != static_cast<ssize_t>(sizeof(answer))) {
    throw agent::InputError(
        "a unit cannot be trained: its process was killed, possibly for lack of memory");
  }
  if (answer.error[0] != '\0') throw agent::InputError(answer.error.data());
  return answer.estimate;
}

}  // namespace nabla::experiment
