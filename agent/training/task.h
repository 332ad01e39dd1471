// TaskConfig: everything that defines one training run; a file in config/tasks/ is one of these.
#pragma once

#include <cstdint>

#include "agent/algorithms/algorithms.h"
#include "agent/replay/replay_buffer.h"
#include "agent/training/evaluation.h"
#include "envs/registry/environment_config.h"

namespace nabla::agent {

struct AgentConfig {
  AlgorithmConfig algorithm;

  template <class Archive>
  void Visit(Archive& ar) {
    ar.Choice("algorithm", algorithm, "Learning algorithm (`nabla list algorithms`)");
  }
};

struct TrainerConfig {
  std::int64_t steps = 100'000;
  std::int64_t warmup_steps = 1'000;
  double updates_per_step = 1;
  std::int64_t buffer_size = 1'000'000;
  int envs = 1;
  bool normalize_observations = false;
  int n_step = 1;
  int step_limit = 0;
  PriorityConfig priority = {};

  template <class Archive>
  void Visit(Archive& ar) {
    ar("steps", steps, "Environment steps in all").AtLeast(1);
    ar("warmup_steps", warmup_steps, "First steps: actions uniform at random, no updates")
        .AtLeast(1);
    ar("updates_per_step", updates_per_step, "Gradient updates an environment step")
        .Between(0, 1000);
    ar("buffer_size", buffer_size, "Columns of the replay buffer: transitions, and one an episode")
        .Between(16, 1'000'000'000);
    ar("envs", envs, "Environments stepped side by side").Between(1, 4096);
    ar("normalize_observations", normalize_observations,
       "Observations with running mean 0 and variance 1, clipped to +-10");
    ar("n_step", n_step, "Rewards of a target before it bootstraps (n-step returns)")
        .Between(1, 1000);
    ar("step_limit", step_limit,
       "Steps of the environment until an episode of the training is truncated, so that it starts "
       "anew more often (Pardo et al. 2018); evaluations are whole; 0: like them")
        .AtLeast(0);
    ar("priority", priority, "Prioritised replay (Schaul et al. 2016)");
  }
};

struct CheckpointConfig {
  std::int64_t every = 10'000;
  std::int64_t keep_every = 0;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("every", every, "Environment steps between checkpoints; 0: only at the end").AtLeast(0);
    ar("keep_every", keep_every, "Environment steps between kept copies of the networks; 0: none")
        .AtLeast(0);
  }
};

struct LoggingConfig {
  bool tensorboard = false;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("tensorboard", tensorboard, "Write TensorBoard's event files into the run folder");
  }
};

struct TaskConfig {
  std::uint64_t seed = 0;
  envs::EnvironmentConfig environment;
  AgentConfig agent;
  TrainerConfig trainer;
  EvaluationConfig evaluation;
  CheckpointConfig checkpoint;
  LoggingConfig logging;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("seed", seed, "Master seed of every random stream of the run");
    ar("environment", environment, "What is to be controlled");
    ar("agent", agent, "What learns");
    ar("trainer", trainer, "The training loop");
    ar("evaluation", evaluation, "Evaluation during training");
    ar("checkpoint", checkpoint, "What is kept on disk to resume from");
    ar("logging", logging, "What else is written; no result depends on it");
  }
};

}  // namespace nabla::agent
