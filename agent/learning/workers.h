// Workers: a few threads that run a fixed number of equal tasks in parallel.
//
// Task i always runs on thread i mod size(), and tasks share no data. Therefore the results are the
// same for any number of threads. A parallel region of a training step takes a few microseconds, so
// the threads spin for a short time before they sleep.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

namespace nabla::agent {

class Workers {
 public:
  // `threads` includes the calling thread. Throws std::invalid_argument if it is less than 1.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int size() const { return static_cast<int>(threads_.size()) + 1; }

  // Runs task(0) … task(count − 1) and returns when all are done. If a task throws, the others
  // still run, and ForEach then rethrows the exception of the task with the lowest index.
  template <class Task>
  void ForEach(int count, const Task& task) {
    Run(
        count, [](const void* context, int i) { (*static_cast<const Task*>(context))(i); }, &task);
  }

 private:
  using Function = void (*)(const void* context, int i);

  // The first exception of the tasks of a thread, if any.
  struct Failure {
    int task = 0;
    std::exception_ptr error;
  };

  void Run(int count, Function function, const void* context);
  void Join();
  void RunShare(int thread) noexcept;
  void RethrowFirst();
  void Loop(int thread);

  std::vector<std::thread> threads_;
  Function function_ = nullptr;
  const void* context_ = nullptr;
  int count_ = 0;
  std::vector<Failure> failures_;         // [size()], one per thread
  std::atomic<std::uint32_t> round_ = 0;  // incremented when there is work
  std::atomic<int> working_ = 0;
  std::atomic<bool> stop_ = false;
};

}  // namespace nabla::agent
