// The memory that a training needs, against what is allocated, and the limits of control groups.
#include "agent/run/memory.h"

#include <malloc.h>

#include "agent/training/trainer.h"
#include "tests/support/catch.h"
#include "tests/support/skip.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

using test::ContainsText;
using test::TempFolder;

TaskConfig Task(const std::string& algorithm) {
  TaskConfig task;
  task.agent.algorithm = DefaultConfig(algorithm);
  SharedConfig(task.agent.algorithm).batch_size = 16;
  task.trainer.buffer_size = 1000;
  return task;
}

double Allocated() {
  const struct mallinfo2 info = ::mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

void Write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  WriteFileAtomically(file, text);
}

TEST_CASE("memory: the estimate is close to what a trainer allocates") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return test::Skip("a sanitizer does not tell what is allocated");
#else
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    std::vector<TaskConfig> tasks(4, Task(algorithm.name));
    SharedConfig(tasks[0].agent.algorithm).critic.hidden = {1500, 1500};
    SharedConfig(tasks[1].agent.algorithm).actor.hidden = {2000, 2000};
    SharedConfig(tasks[2].agent.algorithm).batch_size = 40'000;
    tasks[3].trainer.buffer_size = 3'000'000;
    tasks[3].trainer.priority.alpha = 0.5;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      CAPTURE(algorithm.name, i);
      double needed = 0;
      for (const MemoryShare& share : MemoryNeeded(tasks[i])) needed += share.bytes;
      Workers workers(1);
      const double before = Allocated();
      const Trainer trainer(tasks[i], workers);
      const double allocated = Allocated() - before;
      CHECK(needed > 0.8 * allocated);
      CHECK(needed < 2.0 * allocated);
    }
  }
#endif
}

TEST_CASE("memory: a training that needs too much is refused with the key of its largest share") {
  const auto refusal = [](const TaskConfig& task) -> std::string {
    try {
      RequireMemory(task, 1e9);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  TaskConfig task = Task("SAC");
  CHECK(refusal(task).empty());
  task.trainer.buffer_size = 1'000'000'000;
  CHECK_THAT(refusal(task), ContainsText("trainer.buffer_size"));
  task.trainer.buffer_size = 10'000;
  task.environment.frame_history = 50'000;
  CHECK_THAT(refusal(task), ContainsText("environment.frame_history"));
  task = Task("TQC");
  SharedConfig(task.agent.algorithm).batch_size = 1 << 20;
  CHECK_THAT(refusal(task), ContainsText("agent.batch_size"));
  task = Task("TD3");
  SharedConfig(task.agent.algorithm).actor.hidden = {65536, 65536};
  CHECK_THAT(refusal(task), ContainsText("agent.actor.hidden"));
}

TEST_CASE("memory: the smallest limit of the control groups counts, in versions 1 and 2") {
  const TempFolder root;
  const double machine = MemoryLimit(root.path());
  CHECK(machine > 1e6);
  Write(root / "proc/self/cgroup", "0::/outer/inner\n");
  Write(root / "sys/fs/cgroup/outer/inner/memory.max", "max\n");
  CHECK(MemoryLimit(root.path()) == machine);
  Write(root / "sys/fs/cgroup/outer/memory.max", "500000\n");
  CHECK(MemoryLimit(root.path()) == 500'000);
  Write(root / "sys/fs/cgroup/outer/inner/memory.max", "400000\n");
  CHECK(MemoryLimit(root.path()) == 400'000);
  // In a container the path may be that of the host, and the limit is at the mount.
  Write(root / "proc/self/cgroup", "0::/elsewhere\n");
  Write(root / "sys/fs/cgroup/memory.max", "300000\n");
  CHECK(MemoryLimit(root.path()) == 300'000);

  Write(root / "proc/self/cgroup", "5:cpu,cpuacct:/x\n4:hugetlb,memory:/docker/7\n");
  CHECK(MemoryLimit(root.path()) == machine);
  Write(root / "sys/fs/cgroup/memory/docker/7/memory.limit_in_bytes", "200000\n");
  CHECK(MemoryLimit(root.path()) == 200'000);
}

}  // namespace
}  // namespace nabla::agent
