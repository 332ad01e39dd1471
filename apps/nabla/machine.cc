#include "apps/nabla/machine.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/version.h>
#include <unistd.h>

#include <Eigen/Core>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "agent/run/version.h"
#include "agent/state/file_io.h"
#include "nn/kernels/real.h"

namespace nabla::apps {
namespace {

std::string CpuModel() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

}  // namespace

nlohmann::json AboutProgram() {
  return {
      {"version", version::Version()},
      {"commit", version::Commit()},
      {"compiler", version::Compiler()},
      {"flags", version::Flags()},
      {"build_type", version::BuildType()},
      {"cpu", CpuModel()},
      {"cores", std::thread::hardware_concurrency()},
      {"libraries",
       {{"eigen",
         fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
        {"spdlog", fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH)},
        {"nlohmann_json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                      NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)}}}};
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
