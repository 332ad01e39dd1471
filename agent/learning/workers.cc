#include "agent/learning/workers.h"

#include <stdexcept>
#include <string>
#include <system_error>

namespace nabla::agent {
namespace {

// About 20 µs, the time between two parallel regions of a small training step.
constexpr int kSpins = 4000;

void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

Workers::Workers(int threads) {
  if (threads < 1) throw std::invalid_argument("the number of threads must be at least 1");
  failures_.resize(static_cast<std::size_t>(threads));
  try {
    for (int i = 1; i < threads; ++i) threads_.emplace_back([this, i] { Loop(i); });
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
  count_ = count;
  if (size() > 1 && count > 1) {
    working_ = size() - 1;
    ++round_;
    round_.notify_all();
  }
  RunShare(0);
  for (int spin = 0; working_ > 0;) {
    if (spin < kSpins) {
      ++spin;
      Pause();
    } else {
      std::this_thread::yield();
    }
  }
  RethrowFirst();
}

void Workers::RunShare(int thread) noexcept {
  for (int i = thread; i < count_; i += size()) {
    try {
      function_(context_, i);
    } catch (...) {
      Failure& failure = failures_[static_cast<std::size_t>(thread)];
      if (!failure.error) failure = {i, std::current_exception()};
    }
  }
}

void Workers::RethrowFirst() {
  Failure first;
  for (Failure& failure : failures_) {
    if (failure.error && (!first.error || failure.task < first.task)) first = failure;
    failure.error = nullptr;
  }
  if (first.error) std::rethrow_exception(first.error);
}

void Workers::Loop(int thread) {
  std::uint32_t seen = 0;
  for (;;) {
    for (int spin = 0; round_ == seen && spin < kSpins; ++spin) Pause();
    round_.wait(seen);
    ++seen;
    if (stop_) return;
    RunShare(thread);
    --working_;
  }
}

}  // namespace nabla::agent
