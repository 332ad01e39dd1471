// TripleBuffer: the reader gets the newest value, never a torn one.
#include "apps/viewer/playback/triple_buffer.h"

#include <array>
#include <thread>

#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

TEST_CASE("triple buffer: the newest value is taken once") {
  TripleBuffer<int> buffer;
  CHECK(buffer.Take() == nullptr);
  buffer.back() = 1;
  buffer.Publish();
  buffer.back() = 2;
  buffer.Publish();
  CHECK(buffer.pending());
  const int* taken = buffer.Take();
  REQUIRE(taken != nullptr);
  CHECK(*taken == 2);
  CHECK(buffer.Take() == nullptr);
  buffer.back() = 3;  // must not touch the slot of the reader
  CHECK(*taken == 2);
  buffer.Publish();
  CHECK(*buffer.Take() == 3);
}

TEST_CASE("triple buffer: between threads no value is torn or older than the one before") {
  constexpr int kValues = 200'000;
  TripleBuffer<std::array<int, 64>> buffer;
  std::thread writer([&] {
    for (int i = 1; i <= kValues; ++i) {
      buffer.back().fill(i);
      buffer.Publish();
    }
  });
  int last = 0, torn = 0, backwards = 0;
  while (last < kValues) {
    const auto* value = buffer.Take();
    if (value == nullptr) continue;
    for (const int x : *value) torn += x != value->front();
    backwards += value->front() <= last;
    last = value->front();
  }
  writer.join();
  CHECK(torn == 0);
  CHECK(backwards == 0);
}

}  // namespace
}  // namespace nabla::viewer
