#include "apps/nabla/task_file.h"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include "agent/state/file_io.h"
#include "config/config.h"
#include "nn/kernels/real.h"

namespace nabla::apps {

agent::TaskConfig ReadTask(const std::string& file, const std::vector<std::string>& overrides) {
  return config::ReadFile<agent::TaskConfig>(file, overrides);
}

const agent::TaskConfig& RequireMemory(const agent::TaskConfig& config) {
  constexpr double kGiB = 1 << 30;
  const auto environment = envs::Make(config.environment);
  // observation, action, reward, flag; and a tree of priorities, two doubles per leaf
  const int rows = environment->spec().observation_size + environment->spec().action_size + 2 +
                   (config.trainer.priority.alpha > 0 ? 4 : 0);
  const auto columns = static_cast<double>(config.trainer.buffer_size);
  const double needed = columns * rows * sizeof(nn::Real) / kGiB;
  const double present = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
                         static_cast<double>(::sysconf(_SC_PAGESIZE)) / kGiB;
  if (needed > present) {
    throw agent::InputError(
        fmt::format("trainer.buffer_size: {} columns of {} numbers need {:.1f} GiB, but this "
                    "machine has {:.1f} GiB",
                    config.trainer.buffer_size, rows, needed, present));
  }
  return config;
}

}  // namespace nabla::apps
