// A small task, and a training source without a run folder.
#pragma once

#include "agent/training/trainer.h"
#include "apps/viewer/playback/training_source.h"

namespace nabla::test {

// TD3 with tiny networks on `environment`.
agent::TaskConfig SmallTask(const std::string& environment = "Pendulum-v1");

// The untrained policy of `config`.
std::shared_ptr<const agent::SavedPolicy> UntrainedPolicy(const agent::TaskConfig& config);

// A source whose policy is untrained and never changes.
class StillSource : public viewer::TrainingSource {
 public:
  explicit StillSource(const agent::TaskConfig& config,
                       const std::filesystem::path& run = "/nowhere");
  const viewer::TrainingSnapshot& Poll() override { return training_; }
  bool SetPace(double pace) override {
    pace_ = pace;
    return true;
  }
  double pace() const { return pace_; }
  viewer::TrainingSnapshot& training() { return training_; }

 private:
  viewer::TrainingSnapshot training_;
  double pace_ = 0;
};

}  // namespace nabla::test
