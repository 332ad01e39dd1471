#include "nn/recurrent/rtrl.h"

#include "nn/kernels/gemm.h"
#include "nn/layers/shape.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

Rtrl::Rtrl(const RecurrentNetwork& network, Index batch)
    : network_(network),
      tape_(network.f().MakeTape(batch, {.jacobian = true})),
      input_(Matrix::Zero(network.f().input_size(), batch)),
      df_dr_(network.f().output_size() * network.state_size(), batch),
      z_theta_(Matrix::Zero(network.f().output_size() * batch, network.parameter_count())),
      previous_(z_theta_),
      cotangent_(Vector::Zero(z_theta_.rows())),
      residual_(network.output_size(), batch) {}

ConstMatrixRef Rtrl::Step(const ConstMatrixRef& x) {
  const Network& f = network_.f();
  const Index m = f.output_size(), outputs = network_.output_size(), states = network_.state_size();
  RequireShape(x.rows() == network_.input_size() && x.cols() == input_.cols(), "recurrent input", 0,
               f.layer(0), {network_.input_size(), input_.cols()}, {x.rows(), x.cols()});
  input_.topRows(x.rows()) = x;
  const Matrix& z = f.Forward(input_, tape_);
  f.InputGradient(tape_, df_dr_, x.rows());
  previous_.swap(z_theta_);
  f.WeightJacobian(tape_, z_theta_);
  for (Index b = 0; b < x.cols(); ++b) {
    AddMultiply(Eigen::Map<const Matrix>(df_dr_.col(b).data(), m, states),
                previous_.middleRows(b * m + outputs, states), z_theta_.middleRows(b * m, m));
  }
  input_.bottomRows(states) = z.bottomRows(states);
  return z.topRows(outputs);
}

void Rtrl::Reset(Index sample) {
  const Index m = network_.f().output_size();
  input_.col(sample).setZero();
  z_theta_.middleRows(sample * m, m).setZero();
}

void Rtrl::AddGradient(const ConstMatrixRef& c, Vector& gradient) {
  const Index m = network_.f().output_size(), outputs = network_.output_size();
  const std::size_t last = network_.f().layer_count() - 1;
  RequireShape(c.rows() == outputs && c.cols() == input_.cols(), "cotangent", last,
               network_.f().layer(last), {outputs, input_.cols()}, {c.rows(), c.cols()});
  RequireShape(gradient.size() == network_.parameter_count(), "parameter gradient", last,
               network_.f().layer(last), {network_.parameter_count(), 1}, {gradient.size(), 1});
  Eigen::Map<Matrix>(cotangent_.data(), m, c.cols()).topRows(outputs) = c;
  gradient.noalias() += z_theta_.transpose() * cotangent_;
}

double Rtrl::AddErrorGradient(const ConstMatrixRef& x, const ConstMatrixRef& d,
                              const Restarts& restarts, Vector& gradient) {
  const Index batch = input_.cols();
  const Index steps = CheckTimeSeries(network_, x, d, restarts, batch);
  double error = 0;
  for (Index n = 0; n < steps; ++n) {
    for (Index b = 0; b < batch; ++b) {
      if (n == 0 || (restarts.size() > 0 && restarts(b, n))) Reset(b);
    }
    residual_ = Step(x.middleCols(n * batch, batch)) - d.middleCols(n * batch, batch);
    error += 0.5 * static_cast<double>(residual_.squaredNorm());
    AddGradient(residual_, gradient);
  }
  return error;
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
