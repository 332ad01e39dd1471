// Small things to watch: a task of some seconds, and trainings as sources without a folder.
#pragma once

#include "agent/training/trainer.h"
#include "apps/viewer/playback/training.h"

namespace nabla::test {

// TD3 with tiny networks on `environment`.
agent::TaskConfig SmallTask(const std::string& environment = "Pendulum-v1");

// The networks as an agent of `config` has them before it learns.
std::shared_ptr<const viewer::PolicyCopy> UntrainedPolicy(const agent::TaskConfig& config);

// A source that never changes: the untrained policy.
class StillSource : public viewer::Source {
 public:
  explicit StillSource(const agent::TaskConfig& config);
  const agent::TaskConfig& config() const override { return config_; }
  agent::RunPaths paths() const override { return {"/nowhere"}; }
  const viewer::Training& Poll() override { return training_; }
  bool SetPace(double pace) override {
    pace_ = pace;
    return true;
  }
  double pace() const { return pace_; }
  viewer::Training& training() { return training_; }

 private:
  agent::TaskConfig config_;
  viewer::Training training_;
  double pace_ = 0;
};

}  // namespace nabla::test
