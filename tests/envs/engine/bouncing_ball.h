// BouncingBall: stands for an environment of a physics engine from outside. It implements
// Environment directly, has no derivatives, and is not part of nabla_envs: bouncing_ball.cc
// registers it at start-up, and a program has it if it links the target nabla_bouncing_ball.
#pragma once

#include "envs/core/environment_entry.h"

namespace nabla::envs {

EnvironmentEntry BouncingBallEntry();

}  // namespace nabla::envs
