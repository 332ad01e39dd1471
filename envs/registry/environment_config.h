// EnvironmentConfig: an environment as it stands in a configuration file, with the wrappers around
// it (wrappers.h says in which order).
//
//   environment:
//     name: Pendulum-v1
//     parameters: {mass: 1.2}
//     randomize: {uniform: {length: [0.9, 1.1]}}
//     observation_mask: [1, 1, 0]      # hide the speed
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "envs/registry/registry.h"

namespace nabla::envs {

// Which parameters are drawn at each reset.
struct RandomizeConfig {
  ParameterValues uniform;  // name: [low, high]
  ParameterValues normal;   // name: [mean, standard deviation]

  template <class Archive>
  void Visit(Archive& ar) {
    ar("uniform", uniform, "Parameters drawn uniformly at each reset, as name: [low, high]");
    ar("normal", normal,
       "Parameters drawn normally at each reset, as name: [mean, standard deviation]; outside the "
       "physical range again");
  }
};

struct EnvironmentConfig {
  std::string name = "Pendulum-v1";
  ParameterValues parameters;
  RandomizeConfig randomize;
  int step_limit = 0;
  int action_repeat = 1;
  bool action_scaling = false;
  int action_delay = 0;
  double reward_scale = 1;
  std::vector<int> observation_mask;
  std::vector<double> observation_noise;
  int frame_history = 1;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("name", name, "Environment (`nabla list envs`)").OneOf(Names());
    ar("parameters", parameters,
       "Physical constants other than the default (`nabla list envs NAME`)");
    ar("randomize", randomize, "Physical constants drawn at each reset (domain randomisation)");
    ar("step_limit", step_limit,
       "Steps of the environment until an episode is truncated; 0: the environment's default")
        .AtLeast(0);
    ar("action_repeat", action_repeat, "Steps of the environment for one action").AtLeast(1);
    ar("action_scaling", action_scaling,
       "Actions in [-1, 1], scaled to the environment's own bounds");
    ar("action_delay", action_delay, "Steps until an action acts").AtLeast(0);
    ar("reward_scale", reward_scale, "Factor on every reward").Above(0);
    ar("observation_mask", observation_mask,
       "0 hides, 1 keeps an observation, one number each; empty: all are seen")
        .Between(0, 1);
    ar("observation_noise", observation_noise,
       "Standard deviation of normal noise on the observations, one number each or one for all; "
       "empty: none")
        .AtLeast(0);
    ar("frame_history", frame_history, "Observations given together, the newest first").AtLeast(1);
  }
};

// The environment with all it is wrapped in; always with a time limit, which reports `truncated`.
// Throws std::invalid_argument that names the environment and the key.
std::unique_ptr<Environment> Make(const EnvironmentConfig& config);

}  // namespace nabla::envs
