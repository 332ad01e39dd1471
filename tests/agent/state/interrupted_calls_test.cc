// System calls that a signal interrupts. This program replaces fsync, ftruncate and flock of the C
// library. Its versions fail with EINTR as often as a test requests.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "agent/state/csv.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace {

int interruptions = 0;

bool Interrupts() {
  if (interruptions == 0) return false;
  --interruptions;
  errno = EINTR;
  return true;
}

int Call(long result) { return static_cast<int>(result); }

}  // namespace

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // flock is the name of a struct, too
extern "C" {
int fsync(int file) { return Interrupts() ? -1 : Call(::syscall(SYS_fsync, file)); }
int ftruncate(int file, off_t size) noexcept {
  return Interrupts() ? -1 : Call(::syscall(SYS_ftruncate, file, size));
}
int flock(int file, int operation) noexcept {
  return Interrupts() ? -1 : Call(::syscall(SYS_flock, file, operation));
}
}
#pragma GCC diagnostic pop

namespace nabla::agent {
namespace {

// Runs `action` with its first two such calls interrupted, and checks that there were two.
template <class Action>
void WithInterruptions(const Action& action) {
  interruptions = 2;
  action();
  CHECK(interruptions == 0);
}

TEST_CASE("System calls are repeated after a signal") {
  const test::TempFolder folder;
  const auto path = folder / "progress.csv";
  CsvWriter writer = CsvWriter::Create(path, {"step"});
  writer.Row(std::vector<double>{1});
  std::uint64_t offset = 0;
  WithInterruptions([&] { offset = writer.Flush(); });
  writer.Row(std::vector<double>{2});
  WithInterruptions([&] { CsvWriter::Resume(path, {"step"}, offset).Truncate(); });
  CHECK(ReadFile(path) == "step\n1\n");

  const FileDescriptor file(path, O_RDWR, "open");
  WithInterruptions([&] { file.Sync(); });
  WithInterruptions([&] { CHECK(file.TryLock()); });
  WithInterruptions([&] { file.Lock(); });
  const FileDescriptor other(path, O_RDWR, "open");
  CHECK(!other.TryLock());
}

}  // namespace
}  // namespace nabla::agent
