// TripleBuffer<T>: hands the newest value from one thread to another without waiting or locking.
//
// Of three slots one belongs to the writer, one to the reader, and one lies between them. Publish
// and Take swap their own slot with the middle one. Slots are reused, so values that own memory
// (vectors) stop allocating after the first rounds.
#pragma once

#include <array>
#include <atomic>

namespace nabla::viewer {

template <class T>
class TripleBuffer {
 public:
  explicit TripleBuffer(const T& initial = T()) : slots_{initial, initial, initial} {}

  // For the writer: the slot to fill and publish. It holds an older value.
  T& back() { return slots_[back_]; }
  void Publish() { back_ = between_.exchange(back_ | kFresh, std::memory_order_acq_rel) & kIndex; }
  // True until the reader takes the value that was published last.
  bool pending() const { return (between_.load(std::memory_order_relaxed) & kFresh) != 0; }

  // For the reader: the newest value, valid until the next Take; null if nothing new was published.
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
