#include "agent/learning/workers.h"

#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "nn/kernels/denormals.h"

namespace nabla::agent {
namespace {

// About 20 µs, the time between two parallel regions of a small training step.
constexpr int kSpins = 4000;

void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

constexpr std::uint64_t kFrontUnit = 1 << 16;

struct Untaken {
  explicit Untaken(std::uint64_t word)
      : front(static_cast<int>(word >> 16 & 0xffff)), back(static_cast<int>(word & 0xffff)) {}
  int front;
  int back;
};

// Takes a task from the front or from the back; −1 if there is none.
int Take(std::atomic<std::uint64_t>& word, bool from_front) {
  for (std::uint64_t now = word.load(std::memory_order_acquire);;) {
    const Untaken untaken(now);
    if (untaken.front >= untaken.back) return -1;
    const std::uint64_t rest = from_front ? now + kFrontUnit : now - 1;
    if (word.compare_exchange_weak(now, rest, std::memory_order_acq_rel)) {
      return from_front ? untaken.front : untaken.back - 1;
    }
  }
}

}  // namespace

Workers::Workers(int threads) {
  if (threads < 1) throw std::invalid_argument("the number of threads must be at least 1");
  try {
    for (int i = 1; i < threads; ++i) threads_.emplace_back([this] { Loop(); });
  } catch (const std::system_error& error) {
    Join();
    throw std::runtime_error("cannot start " + std::to_string(threads) + " threads (" +
                             error.code().message() + "): try a smaller --threads");
  }
}

Workers::~Workers() { Join(); }

void Workers::Join() {
  stop_ = true;
  ++round_;
  round_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Workers::Run(int count, Function function, const void* context) {
  function_ = function;
  context_ = context;
  if (size() == 1 || count == 1) {
    for (int i = 0; i < count; ++i) RunTask(i);
  } else {
    done_ = 0;
    const std::uint32_t round = round_ + 1;
    untaken_ = (std::uint64_t{round} << 32) + static_cast<std::uint64_t>(count);
    round_ = round;
    round_.notify_all();
    for (int i = Take(untaken_, true); i >= 0; i = Take(untaken_, true)) RunTask(i);
    for (int spin = 0; done_ < count;) {
      if (spin < kSpins) {
        ++spin;
        Pause();
      } else {
        std::this_thread::yield();
      }
    }
  }
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void Workers::RunTask(int task) noexcept {
  try {
    function_(context_, task);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!error_ || task < failed_task_) {
      error_ = std::current_exception();
      failed_task_ = task;
    }
  }
  ++done_;
}

void Workers::Loop() {
  const nn::FlushDenormals flush;
  for (std::uint32_t seen = 0; !stop_;) {
    for (int i = Take(untaken_, false); i >= 0; i = Take(untaken_, false)) RunTask(i);
    for (int spin = 0; round_ == seen && spin < kSpins; ++spin) Pause();
    round_.wait(seen);
    seen = round_;
  }
}

}  // namespace nabla::agent
