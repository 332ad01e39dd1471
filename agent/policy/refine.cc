#include "agent/policy/refine.h"

namespace nabla::agent {

RefineTape::RefineTape(const nn::Network& network, Index action_size, Index n)
    : critic(network.MakeTape(n)),
      input(network.input_size(), n),
      cotangent(Matrix::Constant(network.output_size(), n,
                                 Real(1) / static_cast<Real>(network.output_size()))),
      gradient(action_size, n) {}

void Refine(const RefineConfig& config, const nn::Network& critic, const ConstMatrixRef& x,
            RefineTape& tape, MatrixRef u) {
  tape.input.topRows(x.rows()) = x;
  auto climbing = tape.input.bottomRows(u.rows());
  climbing = u;
  MatrixRef gradient = tape.gradient;
  for (int step = 0; step < config.refine_steps; ++step) {
    critic.Forward(tape.input, tape.critic);
    critic.Vjp(tape.critic, tape.cotangent, nullptr, &gradient, x.rows());
    climbing =
        (climbing + static_cast<Real>(config.refine_rate) * gradient).cwiseMax(-1).cwiseMin(1);
  }
  u = climbing;
}

void RefineWithDerivative(const RefineConfig& config, const nn::Network& critic, const Vector& x,
                          Vector& u, Matrix& du_dx) {
  const Index o = x.size(), a = u.size(), m = critic.output_size();
  const auto rate = static_cast<Real>(config.refine_rate);
  nn::Tape tape = critic.MakeTape(o, {.second_order = true});
  const Matrix cotangent = Matrix::Constant(m, o, Real(1) / static_cast<Real>(m));
  Matrix input(o + a, o), direction(o + a, o), product(o + a, o), gradient(a, o);
  MatrixRef gradient_rows = gradient;
  input.topRows(o) = x.replicate(1, o);
  direction.topRows(o).setIdentity();
  for (int step = 0; step < config.refine_steps; ++step) {
    input.bottomRows(a) = u.replicate(1, o);
    direction.bottomRows(a) = du_dx;
    critic.Forward(input, tape);
    critic.InputHessianTimes(tape, cotangent, direction, product);
    critic.Vjp(tape, cotangent, nullptr, &gradient_rows, o);
    u += rate * gradient.col(0);
    du_dx += rate * product.bottomRows(a);
    for (Index i = 0; i < a; ++i) {
      if (!(u[i] < -1 || u[i] > 1)) continue;  // NaN stays NaN
      u[i] = u[i] < 0 ? -1 : 1;
      du_dx.row(i).setZero();
    }
  }
}

}  // namespace nabla::agent
