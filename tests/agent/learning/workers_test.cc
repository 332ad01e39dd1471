#include "agent/learning/workers.h"

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "nn/kernels/denormals.h"
#include "tests/support/catch.h"

namespace nabla::agent {
namespace {

// Runs 12 tasks, of which some throw their index. Returns what ForEach throws, "" for nothing, and
// counts the calls of each task.
std::string RunTasks(Workers& workers, const std::vector<int>& failing, std::vector<int>& calls) {
  const auto task = [&](int i) {
    ++calls[static_cast<std::size_t>(i)];
    for (const int f : failing) {
      if (f == i) throw std::runtime_error("task " + std::to_string(i));
    }
  };
  try {
    workers.ForEach(static_cast<int>(calls.size()), task);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("Workers run every task once, and rethrow the exception of the lowest task") {
  for (const int threads : {1, 2, 3, 5}) {
    INFO(threads << " threads");
    Workers workers(threads);
    for (int round = 0; round < 20; ++round) {
      std::vector<int> calls(12, 0);
      CHECK(RunTasks(workers, {7, 4, 11}, calls) == "task 4");
      CHECK(calls == std::vector<int>(12, 1));
      CHECK(RunTasks(workers, {}, calls) == "");  // and work again afterwards
      CHECK(calls == std::vector<int>(12, 2));
      CHECK(RunTasks(workers, {0}, calls) == "task 0");
      CHECK(RunTasks(workers, {11}, calls) == "task 11");
      CHECK(calls == std::vector<int>(12, 4));
    }
  }
}

TEST_CASE("A single task may throw") {
  Workers workers(3);
  std::vector<int> calls(1, 0);
  CHECK(RunTasks(workers, {0}, calls) == "task 0");
  CHECK(RunTasks(workers, {}, calls) == "");
}

// Half of the smallest normal number, computed at run time.
float Denormal() {
  volatile float smallest = std::numeric_limits<float>::min();
  return smallest / 2;
}

TEST_CASE("Denormal numbers are flushed in a scope and in the threads of the workers") {
  CHECK(Denormal() > 0);
  Workers workers(3);
  {
    const nn::FlushDenormals flush;
    CHECK(Denormal() == 0);
    std::vector<float> results(64, 1);
    workers.ForEach(64, [&](int i) { results[static_cast<std::size_t>(i)] = Denormal(); });
    CHECK(results == std::vector<float>(64, 0));
  }
  CHECK(Denormal() > 0);
}

}  // namespace
}  // namespace nabla::agent
