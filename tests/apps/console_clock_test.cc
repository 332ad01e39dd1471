// When the console prints a progress line, by a clock that the test sets.
#include <cstdio>

#include "apps/nabla/console.h"
#include "tests/support/catch.h"

namespace nabla::apps {
namespace {

Console::Clock::time_point now;

TEST_CASE("A progress line is due 10 s after the last one, whatever the number of the step") {
  agent::Workers workers(1);
  agent::TaskConfig config;
  config.environment.name = "Pendulum-v1";
  const agent::Trainer trainer(config, workers);
  std::FILE* const out = std::tmpfile();
  REQUIRE(out != nullptr);
  {
    now = {};
    Console console(trainer, out, [] { return now; });
    const auto length_after = [&](std::int64_t step, int seconds) {
      now += std::chrono::seconds(seconds);
      console.OnStep(step);
      return std::ftell(out);
    };
    CHECK(length_after(64, 9) == 0);
    const long first = length_after(65, 1);  // a slow step, and not the 64th since the start
    CHECK(first > 0);
    CHECK(length_after(128, 9) == first);
    CHECK(length_after(129, 1) > first);
  }
  std::fclose(out);
}

}  // namespace
}  // namespace nabla::apps
