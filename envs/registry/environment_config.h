// EnvironmentConfig: an environment and its wrappers in a configuration file. wrappers.h gives the
// order of the wrappers.
//
//   environment:
//     name: Pendulum-v1
//     parameters: {mass: 1.2}
//     randomize: {uniform: {length: [0.9, 1.1]}}
//     observation_mask: [1, 1, 0]      # hides the speed
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "envs/registry/registry.h"

namespace nabla::envs {

// The parameters that each reset draws.
struct RandomizeConfig {
  ParameterValues uniform;  // name: [low, high]
  ParameterValues normal;   // name: [mean, standard deviation]

  template <class Archive>
  void Visit(Archive& ar) {
    ar("uniform", uniform, "Parameters to draw uniformly at each reset, as name: [low, high]");
    ar("normal", normal,
       "Parameters to draw from a normal distribution at each reset, as name: [mean, standard "
       "deviation]; values outside the physical range are drawn again");
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
       "Physical constants that differ from their default (`nabla list envs NAME`)");
    ar("randomize", randomize, "Physical constants to draw at each reset (domain randomisation)");
    ar("step_limit", step_limit,
       "Environment steps until an episode is truncated; 0: the environment's default")
        .AtLeast(0);
    ar("action_repeat", action_repeat, "Environment steps per action").Between(1, 1000);
    ar("action_scaling", action_scaling,
       "Take actions in [-1, 1] and scale them to the environment's bounds");
    ar("action_delay", action_delay, "Steps by which each action is delayed").Between(0, 1000);
    ar("reward_scale", reward_scale, "Factor by which every reward is multiplied").Above(0);
    ar("observation_mask", observation_mask,
       "One number per observation: 1 keeps it, 0 hides it; empty: keep all")
        .Between(0, 1);
    ar("observation_noise", observation_noise,
       "Standard deviation of the normal noise on the observations, one number for each or one "
       "for all; empty: no noise")
        .Between(0, 1e9);
    ar("frame_history", frame_history,
       "Number of latest observations that are returned together, newest first")
        .Between(1, 1000);
  }
};

// Makes the environment with its wrappers, which always include a time limit. Throws
// std::invalid_argument that names the environment and the key.
std::unique_ptr<Environment> Make(const EnvironmentConfig& config);

}  // namespace nabla::envs
