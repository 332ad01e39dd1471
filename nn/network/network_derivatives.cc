// The functions of Network that a training step does not use: Jacobians and second derivatives.
#include <stdexcept>

#include "nn/kernels/gemm.h"
#include "nn/layers/shape.h"
#include "nn/network/network.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

void Network::SeedOutputs(Tape& tape) const {
  const Index m = output_size();
  tape.holds_local_gradients_ = true;
  Matrix& cotangent = tape.layers_.back().cotangent;
  if (m == 1) {
    cotangent.leftCols(tape.batch_).setOnes();
    return;
  }
  cotangent.setZero();
  for (Index b = 0; b < tape.batch_; ++b) {
    for (Index o = 0; o < m; ++o) cotangent(o, b * m + o) = 1;
  }
}

void Network::InputGradient(Tape& tape, MatrixRef gradient, Index first_input) const {
  const Index m = output_size();
  CheckForward(tape, m == 1 || tape.options_.jacobian, "jacobian");
  const Index inputs = gradient.rows() / m;
  RequireShape(gradient.rows() == inputs * m && inputs > 0 && first_input >= 0 &&
                   first_input + inputs <= input_size() && gradient.cols() == tape.batch_,
               "input gradient", 0, layer(0), {m * (input_size() - first_input), tape.batch_},
               {gradient.rows(), gradient.cols()});
  RequireFinite();
  SeedOutputs(tape);
  if (m == 1) {
    Reverse(tape, 1, {}, &gradient, first_input);
    return;
  }
  MatrixRef dx = tape.input_cotangent_.topRows(inputs);
  Reverse(tape, m, {}, &dx, first_input);
  for (Index b = 0; b < tape.batch_; ++b) {
    Transpose(dx.middleCols(b * m, m), Eigen::Map<Matrix>(gradient.col(b).data(), m, inputs));
  }
}

void Network::WeightJacobian(Tape& tape, Matrix& jacobian) const {
  const Index m = output_size(), rows = tape.batch_ * m;
  CheckForward(tape, tape.options_.jacobian, "jacobian");
  RequireShape(jacobian.rows() == rows && jacobian.cols() == parameter_count(), "weight Jacobian",
               layer_count() - 1, layer(layer_count() - 1), {rows, parameter_count()},
               {jacobian.rows(), jacobian.cols()});
  RequireFinite();
  SeedOutputs(tape);
  Reverse(tape, m, {.jacobian = jacobian.data(), .rows = rows}, nullptr, 0);
}

void Network::WeightGram(Tape& tape, Matrix& gram) const {
  const Index m = output_size(), rows = tape.batch_ * m;
  CheckForward(tape, tape.options_.jacobian, "jacobian");
  RequireShape(gram.rows() == rows && gram.cols() == rows, "weight Gram matrix", layer_count() - 1,
               layer(layer_count() - 1), {rows, rows}, {gram.rows(), gram.cols()});
  RequireFinite();
  SeedOutputs(tape);
  gram.setZero();
  Reverse(tape, m, {.gram = &gram}, nullptr, 0);
  gram.triangularView<Eigen::StrictlyLower>() = gram.transpose();
}

const Matrix& Network::JacobianTimes(Tape& tape, const Vector& v) const {
  CheckVector("vector v of J v", v);
  RequireFinite();
  return Jvp(tape, nullptr, &v);
}

void Network::JacobianTransposeTimes(Tape& tape, const ConstMatrixRef& u, Vector& product) const {
  CheckForward(tape, true, "");
  CheckOutput("vector u of J' u", u, tape);
  CheckVector("product J' u", product);
  RequireFinite();
  product.setZero();
  Vjp(tape, u, &product, nullptr);
}

const Matrix& Network::LocalGradients(const Tape& tape, std::size_t k) const {
  CheckForward(tape, true, "");
  CheckLayer(k);
  if (!tape.holds_local_gradients_) {
    throw std::invalid_argument(
        "local gradients need InputGradient, WeightJacobian or WeightGram as the last derivative "
        "on this tape");
  }
  return tape.layers_[k].cotangent;
}

const Matrix& Network::Output(const Tape& tape, std::size_t k) const {
  CheckTape(tape);
  CheckLayer(k);
  if (tape.last_pass_ == Tape::Pass::kNone) {
    throw std::invalid_argument("outputs need a tape on which Evaluate or Forward has run");
  }
  return tape.layers_[k].output;
}

void Network::InputHessianTimes(Tape& tape, const ConstMatrixRef& cotangent,
                                const ConstMatrixRef& v, MatrixRef product) const {
  RequireFinite();
  ReverseTangent(tape, cotangent, &v, nullptr, nullptr, &product);
}

void Network::MixedHessianTimes(Tape& tape, const ConstMatrixRef& cotangent,
                                const ConstMatrixRef& v, Vector& product) const {
  CheckForward(tape, tape.options_.second_order, "second_order");
  RequireFinite();
  CheckVector("product H v", product);
  CheckInput(v, tape);
  CheckOutput("cotangent", cotangent, tape);
  product.setZero();
  ReverseTangent(tape, cotangent, &v, nullptr, &product, nullptr);
}

void Network::ParameterHessianTimes(Tape& tape, const ConstMatrixRef& cotangent, const Vector& u,
                                    Vector& product) const {
  CheckForward(tape, tape.options_.second_order, "second_order");
  RequireFinite();
  CheckVector("product H u", product);
  CheckVector("direction u", u);
  CheckOutput("cotangent", cotangent, tape);
  product.setZero();
  ReverseTangent(tape, cotangent, nullptr, &u, &product, nullptr);
}

void Network::ReverseTangent(Tape& tape, const ConstMatrixRef& cotangent,
                             const ConstMatrixRef* x_dot, const Vector* theta_dot,
                             Vector* dtheta_dot, MatrixRef* dx_dot) const {
  CheckForward(tape, tape.options_.second_order, "second_order");
  CheckOutput("cotangent", cotangent, tape);
  if (dtheta_dot != nullptr) CheckVector("second derivative in the parameters", *dtheta_dot);
  if (dx_dot != nullptr) CheckInput(*dx_dot, tape);
  Jvp(tape, x_dot, theta_dot);
  tape.holds_local_gradients_ = false;
  LayerTape& last = tape.layers_.back();
  last.cotangent.leftCols(tape.batch_) = cotangent;
  last.cotangent_dot.setZero();
  MatrixRef dx = tape.input_cotangent_.leftCols(tape.batch_);
  layers_.ReverseTangent(parameters_.data(), theta_dot == nullptr ? nullptr : theta_dot->data(),
                         tape.input_, x_dot, tape.layers_,
                         dtheta_dot == nullptr ? nullptr : dtheta_dot->data(),
                         dx_dot == nullptr ? nullptr : &dx, dx_dot);
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
