// Workers: a few threads that run a fixed number of equal tasks in parallel.
//
// Tasks share no data, so the results do not depend on which thread runs which task, nor on the
// number of threads. The calling thread takes tasks from the front, the other threads from the
// back. On a busy machine, where the other threads start late, the caller runs all tasks itself and
// does not wait for them. A parallel region of a training step takes a few microseconds, so the
// threads spin for a short time before they sleep.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace nabla::agent {

class Workers {
 public:
  // `threads` includes the calling thread. Throws std::invalid_argument if it is less than 1, and
  // std::runtime_error if the system has no thread left.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int size() const { return static_cast<int>(threads_.size()) + 1; }

  // Runs task(0) … task(count − 1), count < 2^16, and returns when all are done. If a task throws,
  // the others still run, and ForEach then rethrows the exception of the task with the lowest
  // index.
  template <class Task>
  void ForEach(int count, const Task& task) {
    Run(
        count, [](const void* context, int i) { (*static_cast<const Task*>(context))(i); }, &task);
  }

 private:
  using Function = void (*)(const void* context, int i);

  void Run(int count, Function function, const void* context);
  void Join();
  void RunTask(int task) noexcept;
  void Loop();

  std::vector<std::thread> threads_;
  Function function_ = nullptr;
  const void* context_ = nullptr;

  // The tasks that nobody has taken: front … back − 1, as round · 2^32 + front · 2^16 + back. A
  // thread takes a task by an exchange of the whole word, which fails if another one was faster or
  // if the round is over. Thus function_ and context_ belong to each task that is taken.
  std::atomic<std::uint64_t> untaken_ = 0;
  std::atomic<std::uint32_t> round_ = 0;  // incremented when there is work
  std::atomic<int> done_ = 0;             // tasks of this round
  std::atomic<bool> stop_ = false;

  // The exception of the lowest task that failed, guarded by the mutex.
  std::mutex mutex_;
  std::exception_ptr error_;
  int failed_task_ = 0;
};

}  // namespace nabla::agent
