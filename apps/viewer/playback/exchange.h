// Exchange<T>: hands the newest value from one thread to another; neither ever waits.
//
// Three slots: one is the writer's, one the reader's, one lies between them. Publish and Take swap
// their own with the one between. A slot is made once and filled again and again, so that values
// with memory of their own (vectors) stop allocating.
#pragma once

#include <array>
#include <atomic>

namespace nabla::viewer {

template <class T>
class Exchange {
 public:
  // The writer's: to be filled, then published. It holds what it held three publications ago.
  T& back() { return slots_[back_]; }
  void Publish() { back_ = between_.exchange(back_ | kFresh, std::memory_order_acq_rel) & kIndex; }
  // True while the reader has not yet taken what was published last.
  bool pending() const { return (between_.load(std::memory_order_relaxed) & kFresh) != 0; }

  // The reader's: the newest value, valid until the next Take; null if there is none newer.
  const T* Take() {
    if (!pending()) return nullptr;
    front_ = between_.exchange(front_, std::memory_order_acq_rel) & kIndex;
    return &slots_[front_];
  }

 private:
  static constexpr unsigned kIndex = 3, kFresh = 4;

  std::array<T, 3> slots_;
  unsigned back_ = 0;
  std::atomic<unsigned> between_ = 1;
  unsigned front_ = 2;
};

}  // namespace nabla::viewer
