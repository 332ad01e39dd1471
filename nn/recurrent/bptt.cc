#include "nn/recurrent/bptt.h"

#include <stdexcept>

#include "nn/layers/shape.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

Bptt::Bptt(const RecurrentNetwork& network, Index batch, Index window)
    : network_(network),
      batch_(batch),
      state_(Matrix::Zero(network.state_size(), batch)),
      input_(network.f().input_size(), batch),
      restarts_(Restarts::Constant(batch, window, false)),
      burn_in_(network.MakeState(batch)),
      cotangent_(network.f().output_size(), batch),
      state_cotangent_(network.state_size(), batch),
      residuals_(network.output_size(), window * batch) {
  if (window < 1) throw std::invalid_argument("BPTT needs a window of at least one step");
  for (Index n = 0; n < window; ++n) tapes_.push_back(network.f().MakeTape(batch));
}

ConstMatrixRef Bptt::Step(const ConstMatrixRef& x) {
  if (steps_ == static_cast<Index>(tapes_.size())) {
    throw std::logic_error("BPTT: the window of " + std::to_string(steps_) +
                           " steps is full; call Backward");
  }
  const Index inputs = network_.input_size(), states = network_.state_size();
  RequireShape(x.rows() == inputs && x.cols() == batch_, "recurrent input", 0,
               network_.f().layer(0), {inputs, batch_}, {x.rows(), x.cols()});
  input_.topRows(inputs) = x;
  input_.bottomRows(states) = state_;
  const Matrix& z = network_.f().Forward(input_, tapes_[static_cast<std::size_t>(steps_)]);
  state_ = z.bottomRows(states);
  ++steps_;
  return z.topRows(network_.output_size());
}

ConstMatrixRef Bptt::BurnIn(const ConstMatrixRef& x) {
  if (steps_ > 0)
    throw std::logic_error("BPTT: burn-in is only possible before a window, not inside it");
  burn_in_.input.bottomRows(network_.state_size()) = state_;
  const ConstMatrixRef y = network_.Step(x, burn_in_);
  state_ = burn_in_.input.bottomRows(network_.state_size());
  return y;
}

void Bptt::Reset(Index sample) {
  state_.col(sample).setZero();
  if (steps_ < restarts_.cols()) restarts_(sample, steps_) = true;
}

void Bptt::Backward(const ConstMatrixRef& c, Vector& gradient) {
  const std::size_t last = network_.f().layer_count() - 1;
  const Index outputs = network_.output_size(), columns = steps_ * batch_;
  RequireShape(c.rows() == outputs && c.cols() == columns, "cotangents in time", last,
               network_.f().layer(last), {outputs, columns}, {c.rows(), c.cols()});
  RequireShape(gradient.size() == network_.parameter_count(), "parameter gradient", last,
               network_.f().layer(last), {network_.parameter_count(), 1}, {gradient.size(), 1});
  state_cotangent_.setZero();
  MatrixRef state_cotangent = state_cotangent_;
  for (Index n = steps_; n-- > 0;) {
    cotangent_.topRows(outputs) = c.middleCols(n * batch_, batch_);
    cotangent_.bottomRows(network_.state_size()) = state_cotangent_;
    network_.f().Vjp(tapes_[static_cast<std::size_t>(n)], cotangent_, &gradient, &state_cotangent,
                     network_.input_size());
    for (Index b = 0; b < batch_; ++b) {
      if (restarts_(b, n)) state_cotangent_.col(b).setZero();
    }
  }
  restarts_.setConstant(false);
  steps_ = 0;
}

double Bptt::AddErrorGradient(const ConstMatrixRef& x, const ConstMatrixRef& d,
                              const Restarts& restarts, Index burn_in, Vector& gradient) {
  const Index steps = CheckTimeSeries(network_, x, d, restarts, batch_);
  if (burn_in < 0 || burn_in >= steps) {
    throw std::invalid_argument("burn-in of " + std::to_string(burn_in) +
                                " steps does not fit a time series of " + std::to_string(steps) +
                                " steps");
  }
  const Index window = restarts_.cols();
  steps_ = 0;
  restarts_.setConstant(false);
  state_.setZero();
  double error = 0;
  for (Index n = 0; n < steps; ++n) {
    for (Index b = 0; b < batch_ && restarts.size() > 0; ++b) {
      if (restarts(b, n)) Reset(b);
    }
    if (n < burn_in) {
      BurnIn(x.middleCols(n * batch_, batch_));
      continue;
    }
    auto residual = residuals_.middleCols(steps_ * batch_, batch_);
    residual = Step(x.middleCols(n * batch_, batch_)) - d.middleCols(n * batch_, batch_);
    error += 0.5 * static_cast<double>(residual.squaredNorm());
    if (steps_ == window || n + 1 == steps) {
      Backward(residuals_.leftCols(steps_ * batch_), gradient);
    }
  }
  return error;
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
