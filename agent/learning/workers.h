// Workers: a few threads that run a fixed number of equal tasks side by side.
//
// Task i always runs on thread i mod size(), and tasks share no data, so results are the same for
// any number of threads. A region of a training step lasts some microseconds: the threads spin for
// a moment before they sleep.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace nabla::agent {

class Workers {
 public:
  // `threads` in all, the calling one included; at least 1.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int size() const { return static_cast<int>(threads_.size()) + 1; }

  // task(0) … task(count − 1), all done on return. Tasks must not throw.
  template <class Task>
  void ForEach(int count, const Task& task) {
    if (size() == 1 || count == 1) {
      for (int i = 0; i < count; ++i) task(i);
      return;
    }
    Run(
        count, [](const void* context, int i) { (*static_cast<const Task*>(context))(i); }, &task);
  }

 private:
  using Function = void (*)(const void* context, int i);

  void Run(int count, Function function, const void* context);
  void RunShare(int thread);
  void Loop(int thread);

  std::vector<std::thread> threads_;
  Function function_ = nullptr;
  const void* context_ = nullptr;
  int count_ = 0;
  std::atomic<std::uint32_t> round_ = 0;  // moves when there is work
  std::atomic<int> working_ = 0;
  std::atomic<bool> stop_ = false;
};

}  // namespace nabla::agent
