#include "apps/nabla/machine.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/version.h>

#include <Eigen/Core>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "agent/run/version.h"

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

}  // namespace nabla::apps
