// The triple buffer: whole values, the newest, and nobody waits.
#include "apps/viewer/playback/exchange.h"

#include <array>
#include <thread>

#include "tests/support/catch.h"

namespace nabla::viewer {
namespace {

TEST_CASE("exchange: the newest value is taken once") {
  Exchange<int> exchange;
  CHECK(exchange.Take() == nullptr);
  exchange.back() = 1;
  exchange.Publish();
  exchange.back() = 2;
  exchange.Publish();
  CHECK(exchange.pending());
  const int* taken = exchange.Take();
  REQUIRE(taken != nullptr);
  CHECK(*taken == 2);
  CHECK(exchange.Take() == nullptr);
  exchange.back() = 3;  // must not touch what the reader still holds
  CHECK(*taken == 2);
  exchange.Publish();
  CHECK(*exchange.Take() == 3);
}

TEST_CASE("exchange: between two threads no value is torn and none comes after a newer one") {
  constexpr int kValues = 200'000;
  Exchange<std::array<int, 64>> exchange;
  std::thread writer([&] {
    for (int i = 1; i <= kValues; ++i) {
      exchange.back().fill(i);
      exchange.Publish();
    }
  });
  int last = 0, torn = 0, backwards = 0;
  while (last < kValues) {
    const auto* value = exchange.Take();
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
