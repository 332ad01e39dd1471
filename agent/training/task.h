// TaskConfig: everything that defines one training run, as in the files of config/tasks/.
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
    ar("steps", steps, "Total number of environment steps").AtLeast(1);
    ar("warmup_steps", warmup_steps,
       "Initial steps with uniformly random actions and without updates")
        .AtLeast(1);
    ar("updates_per_step", updates_per_step, "Gradient updates per environment step")
        .Between(0, 1000);
    ar("buffer_size", buffer_size,
       "Capacity of the replay buffer in columns: one per transition and one per episode")
        .Between(16, 1'000'000'000);
    ar("envs", envs, "Number of environments stepped in parallel").Between(1, 4096);
    ar("normalize_observations", normalize_observations,
       "Normalise observations to mean 0 and variance 1 by running statistics, clipped to +-10");
    ar("n_step", n_step, "Number of rewards in a target before it bootstraps (n-step returns)")
        .Between(1, 1000);
    ar("step_limit", step_limit,
       "Environment steps after which training episodes are truncated (Pardo et al. 2018); "
       "evaluations keep the limit of the environment; 0: training keeps it, too")
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
    ar("keep_every", keep_every,
       "Environment steps between copies of the networks that are never deleted; 0: no copies")
        .AtLeast(0);
  }
};

struct LoggingConfig {
  bool tensorboard = false;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("tensorboard", tensorboard, "Write TensorBoard event files into the run folder");
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
    ar("environment", environment, "The environment to control");
    ar("agent", agent, "The learning agent");
    ar("trainer", trainer, "The training loop");
    ar("evaluation", evaluation, "Evaluation during training");
    ar("checkpoint", checkpoint, "Checkpoints on disk, to resume from");
    ar("logging", logging, "Additional output, which does not affect the results");
  }
};

}  // namespace nabla::agent
