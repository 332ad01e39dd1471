// The policy that `evaluate`, `inspect` and `linearize` read: that of a run, or of a task file
// before any training.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/run/saved_policy.h"

namespace nabla::apps {

struct PolicySource {
  agent::TaskConfig config;
  agent::SavedPolicy saved;
  std::unique_ptr<envs::Environment> environment;
  std::string where;  // "runs/latest, best (step 5000)"

  const nn::Network& critic() const { return saved.networks.at(1).network; }
};

// `path` is a run folder, of which `checkpoint` is read, or a task file. Throws InputError or
// config::Error.
PolicySource ReadPolicy(const std::string& path, const std::string& checkpoint);

// "1, 2.5,-3" as numbers. Throws InputError that names `what` unless there are `size` finite ones.
envs::Vector ParseNumbers(const std::string& text, Eigen::Index size, std::string_view what);

}  // namespace nabla::apps
