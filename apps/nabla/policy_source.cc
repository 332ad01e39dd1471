#include "apps/nabla/policy_source.h"

#include <charconv>
#include <cmath>
#include <filesystem>

#include "config/config.h"

namespace nabla::apps {

PolicySource ReadPolicy(const std::string& path, const std::string& checkpoint) {
  const bool is_run = std::filesystem::is_directory(path);
  const std::string file = is_run ? agent::FindRun(path).config().string() : path;
  auto config = config::ReadFile<agent::TaskConfig>(file);
  agent::SavedPolicy saved = is_run ? agent::LoadPolicy(agent::FindRun(path), config, checkpoint)
                                    : agent::InitialPolicy(config);
  const std::string where =
      path +
      (is_run ? ", " + checkpoint + " (step " + std::to_string(saved.step) + ")" : ", untrained");
  auto environment = envs::Make(config.environment);
  return {std::move(config), std::move(saved), std::move(environment), where};
}

envs::Vector ParseNumbers(const std::string& text, Eigen::Index size, std::string_view what) {
  std::vector<double> values;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    while (at != end && *at == ' ') ++at;
    double value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc() || !std::isfinite(value)) {
      throw agent::InputError("'" + text + "' is not a list of numbers; write them as 1,0.5,-2");
    }
    values.push_back(value);
    at = next;
    while (at != end && *at == ' ') ++at;
    if (at != end && *at++ != ',') {
      throw agent::InputError("'" + text + "' is not a list of numbers; write them as 1,0.5,-2");
    }
  }
  if (static_cast<Eigen::Index>(values.size()) != size) {
    throw agent::InputError(std::string(what) + " has " + std::to_string(size) + " numbers, got " +
                            std::to_string(values.size()) + " in '" + text + "'");
  }
  return Eigen::Map<const envs::Vector>(values.data(), size);
}

}  // namespace nabla::apps
