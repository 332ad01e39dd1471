// A process that cannot be started: an error, and no descriptor is left open.
#include <dlfcn.h>
#include <sys/types.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "apps/experiment/execution/estimate.h"
#include "apps/experiment/execution/pool.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace {

bool fork_fails = false;

}  // namespace

// In place of the C library's, which it calls.
extern "C" pid_t fork() noexcept {
  if (fork_fails) {
    errno = EAGAIN;
    return -1;
  }
  static const auto real = reinterpret_cast<pid_t (*)()>(::dlsym(RTLD_NEXT, "fork"));
  return real();
}

namespace nabla::experiment {
namespace {

std::ptrdiff_t OpenDescriptors() {
  const std::filesystem::directory_iterator entries("/proc/self/fd");
  return std::distance(begin(entries), end(entries));
}

class NoObserver : public PoolObserver {
 public:
  void OnTick(const std::vector<std::optional<WorkerView>>&) override {}
  void OnEnd(std::size_t, const UnitEnd&) override {}
};

TEST_CASE("A fork that fails leaves no pipe behind") {
  const test::TempFolder folder;
  const std::ptrdiff_t before = OpenDescriptors();
  fork_fails = true;
  for (int i = 0; i < 3; ++i) {
    CHECK_THROWS_AS(EstimateUnit({}, 1, 0.1), std::system_error);
    NoObserver observer;
    const std::atomic<bool> stop = false;
    const auto next = [] { return NextUnit{NextUnit::kUnit, 0}; };
    const auto run = [&](std::size_t) {
      UnitRun unit;
      unit.folder = folder / "unit";
      unit.lock = folder / "lock";
      return unit;
    };
    CHECK_THROWS_AS(RunPool({}, next, run, stop, observer), std::system_error);
  }
  fork_fails = false;
  CHECK(OpenDescriptors() == before);
}

}  // namespace
}  // namespace nabla::experiment
