#include "apps/nabla/policy_source.h"

#include <algorithm>
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
      agent::OneLine(path) +
      (is_run ? ", " + checkpoint + " (step " + std::to_string(saved.step) + ")" : ", untrained");
  auto environment = envs::Make(config.environment);
  return {std::move(config), std::move(saved), std::move(environment), where};
}

envs::Vector ParseNumbers(const std::string& text, Eigen::Index size, std::string_view what) {
  std::vector<double> values;
  const auto skip_blanks = [&text](std::size_t at) {
    return std::min(text.find_first_not_of(' ', at), text.size());
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    at = skip_blanks(at);
    const auto [next, error] =
        std::from_chars(text.data() + at, text.data() + text.size(), values.emplace_back());
    at = skip_blanks(static_cast<std::size_t>(next - text.data()));
    if (error != std::errc() || !std::isfinite(values.back()) ||
        (at < text.size() && text[at] != ',')) {
      throw agent::InputError("'" + agent::OneLine(text) +
                              "' is not a list of numbers; write them as 1,0.5,-2");
    }
  }
  if (static_cast<Eigen::Index>(values.size()) != size) {
    throw agent::InputError(std::string(what) + " has " + std::to_string(size) + " numbers, got " +
                            std::to_string(values.size()) + " in '" + agent::OneLine(text) + "'");
  }
  return Eigen::Map<const envs::Vector>(values.data(), size);
}

}  // namespace nabla::apps
