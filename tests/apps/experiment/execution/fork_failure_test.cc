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

class OneUnit : public UnitSource {
 public:
  explicit OneUnit(const std::filesystem::path& folder) : folder_(folder) {}
  NextUnit Next() override { return {NextUnit::kUnit, 0}; }
  UnitRun Run(std::size_t) const override {
    UnitRun unit;
    unit.folder = folder_ / "unit";
    unit.lock = folder_ / "lock";
    return unit;
  }
  void OnTick(const WorkerViews&) override {}
  void OnEnd(std::size_t, const UnitEnd&) override {}

 private:
  std::filesystem::path folder_;
};

TEST_CASE("A fork that fails leaves no pipe behind") {
  const test::TempFolder folder;
  const std::ptrdiff_t before = OpenDescriptors();
  fork_fails = true;
  for (int i = 0; i < 3; ++i) {
    CHECK_THROWS_AS(EstimateUnit({}, 1, 0.1), std::system_error);
    OneUnit unit(folder.path());
    const std::atomic<bool> stop = false;
    CHECK_THROWS_AS(RunPool({}, unit, stop), std::system_error);
  }
  fork_fails = false;
  CHECK(OpenDescriptors() == before);
}

}  // namespace
}  // namespace nabla::experiment
