#include "agent/learning/optimizer_config.h"

#include <cmath>
#include <numbers>

namespace nabla::agent {

double OptimizerConfig::RateFactor(double progress) const {
  if (schedule == "linear") return 1 - (1 - final_rate) * progress;
  if (schedule == "cosine") {
    return final_rate + (1 - final_rate) * (1 + std::cos(std::numbers::pi * progress)) / 2;
  }
  return 1;
}

}  // namespace nabla::agent
