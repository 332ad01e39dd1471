#include "agent/policy/refine.h"

namespace nabla::agent {

ActTape NewActTape(const nn::Network& actor, const nn::Network& critic, const RefineConfig& config,
                   Index n) {
  ActTape tape;
  tape.actor = actor.MakeTape(n);
  if (!config.Wanted()) return tape;
  const Index m = critic.output_size();
  tape.critic = critic.MakeTape(n);
  tape.input.resize(critic.input_size(), n);
  tape.cotangent.setConstant(m, n, Real(1) / static_cast<Real>(m));
  tape.gradient.resize(critic.input_size() - actor.input_size(), n);
  return tape;
}

void Refine(const RefineConfig& config, const nn::Network& critic,
            const ConstMatrixRef& observation, Mode mode, ActTape& tape, MatrixRef action) {
  if (!config.Wanted(mode)) return;
  tape.input.topRows(observation.rows()) = observation;
  auto a = tape.input.bottomRows(action.rows());
  a = action;
  MatrixRef gradient = tape.gradient;
  for (int step = 0; step < config.refine_steps; ++step) {
    critic.Forward(tape.input, tape.critic);
    critic.Vjp(tape.critic, tape.cotangent, nullptr, &gradient, observation.rows());
    a = (a + static_cast<Real>(config.refine_rate) * gradient).cwiseMax(-1).cwiseMin(1);
  }
  action = a;
}

}  // namespace nabla::agent
