#include "agent/policy/refine.h"

namespace nabla::agent {

RefineTape::RefineTape(const nn::Network& network, Index action_size, Index n, bool derivative)
    : critic(network.MakeTape(n, {.second_order = derivative})),
      input(network.input_size(), n),
      cotangent(Matrix::Constant(network.output_size(), n,
                                 Real(1) / static_cast<Real>(network.output_size()))),
      gradient(action_size, n) {}

void Refine(const RefineConfig& config, const nn::Network& critic, const ConstMatrixRef& x,
            RefineTape& tape, MatrixRef u, Matrix* du_dx) {
  const Index o = x.rows(), a = u.rows();
  const auto rate = static_cast<Real>(config.refine_rate);
  Matrix direction, product;
  if (du_dx != nullptr) {
    direction = Matrix::Identity(o + a, x.cols());
    product.resize(o + a, x.cols());
  }
  tape.input.topRows(o) = x;
  auto climbing = tape.input.bottomRows(a);
  climbing = u;
  MatrixRef gradient = tape.gradient;
  for (int step = 0; step < config.refine_steps; ++step) {
    critic.Forward(tape.input, tape.critic);
    if (du_dx != nullptr) {
      direction.bottomRows(a) = *du_dx;
      critic.InputHessianTimes(tape.critic, tape.cotangent, direction, product);
      *du_dx += rate * product.bottomRows(a);
    }
    critic.Vjp(tape.critic, tape.cotangent, nullptr, &gradient, o);
    climbing += rate * gradient;
    // Where a bound holds u, it no longer depends on x. NaN stays NaN.
    if (du_dx != nullptr) *du_dx = (climbing.array().abs() > 1).select(0, *du_dx);
    climbing = climbing.cwiseMax(-1).cwiseMin(1);
  }
  u = climbing;
}

}  // namespace nabla::agent
