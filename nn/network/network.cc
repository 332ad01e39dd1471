#include "nn/network/network.h"

#include <cmath>
#include <stdexcept>

#include "nn/layers/layers.h"
#include "nn/layers/shape.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

Network::Network(Index input_size, LayerList layers)
    : layers_(input_size, std::move(layers)),
      parameters_(Vector::Zero(layers_.parameter_count())) {}

void Network::Initialize(const UniformSource& uniform) {
  layers_.Initialize(uniform, parameters_.data());
}

void Network::SetParameters(const Vector& theta) {
  CheckVector("parameters", theta);
  Network checked = *this;
  checked.parameters_ = theta;
  checked.RequireFinite();
  parameters_.swap(checked.parameters_);
}

Tape Network::MakeTape(Index batch, const TapeOptions& options) const {
  if (layers_.size() == 0) throw std::invalid_argument("a tape needs a network with layers");
  if (batch < 1) throw std::invalid_argument("a tape needs a batch of at least one sample");
  Tape tape;
  tape.batch_ = batch;
  tape.options_ = options;
  tape.options_.tangent |= options.second_order;
  const Index cotangents = options.jacobian ? output_size() : 1;
  layers_.Prepare({.batch = batch,
                   .cotangents = cotangents,
                   .jacobian = options.jacobian,
                   .tangent = tape.options_.tangent,
                   .second_order = options.second_order},
                  tape.layers_);
  if (options.jacobian || options.second_order) {
    tape.input_cotangent_.resize(input_size(), batch * cotangents);
  }
  if (options.second_order) tape.input_cotangent_dot_.resize(input_size(), batch);
  return tape;
}

const Matrix& Network::Evaluate(const ConstMatrixRef& x, Tape& tape) const {
  CheckInput(x, tape);
  layers_.Forward(parameters_.data(), x, false, tape.layers_);
  return tape.layers_.back().output;
}

const Matrix& Network::Forward(const ConstMatrixRef& x, Tape& tape) const {
  CheckInput(x, tape);
  tape.input_ = x.data();
  tape.input_stride_ = x.outerStride();
  layers_.Forward(parameters_.data(), x, true, tape.layers_);
  return tape.layers_.back().output;
}

void Network::Vjp(Tape& tape, const ConstMatrixRef& cotangent, Vector* dtheta, MatrixRef* dx,
                  Index first_input) const {
  CheckForward(tape, true, "");
  CheckOutput("cotangent", cotangent, tape);
  if (dtheta != nullptr) CheckVector("parameter gradient", *dtheta);
  if (dx != nullptr) {
    RequireShape(
        first_input >= 0 && first_input + dx->rows() <= input_size() && dx->cols() == tape.batch_,
        "input gradient", 0, layer(0), {input_size() - first_input, tape.batch_},
        {dx->rows(), dx->cols()});
  }
  tape.layers_.back().cotangent.leftCols(tape.batch_) = cotangent;
  Reverse(tape, 1, {.sum = dtheta == nullptr ? nullptr : dtheta->data()}, dx, first_input);
}

const Matrix& Network::Jvp(Tape& tape, const ConstMatrixRef* x_dot, const Vector* theta_dot) const {
  CheckForward(tape, tape.options_.tangent, "tangent");
  if (x_dot != nullptr) CheckInput(*x_dot, tape);
  if (theta_dot != nullptr) CheckVector("parameter direction", *theta_dot);
  layers_.Jvp(parameters_.data(), theta_dot == nullptr ? nullptr : theta_dot->data(), Input(tape),
              x_dot, tape.layers_);
  return tape.layers_.back().tangent;
}

void Network::Reverse(Tape& tape, Index g, const ParameterSink& sink, MatrixRef* dx,
                      Index first_input) const {
  layers_.Reverse(parameters_.data(), Input(tape), tape.layers_, g, sink, dx, first_input);
}

Eigen::Map<const Matrix, 0, Eigen::OuterStride<>> Network::Input(const Tape& tape) const {
  return {tape.input_, input_size(), tape.batch_, Eigen::OuterStride<>(tape.input_stride_)};
}

void Network::CheckInput(const ConstMatrixRef& x, const Tape& tape) const {
  if (tape.batch_ == 0) throw std::invalid_argument("the tape is empty: use MakeTape(batch)");
  RequireShape(x.rows() == input_size() && x.cols() == tape.batch_, "input", 0, layer(0),
               {input_size(), tape.batch_}, {x.rows(), x.cols()});
}

void Network::CheckOutput(const char* what, const ConstMatrixRef& value, const Tape& tape) const {
  const std::size_t last = layer_count() - 1;
  RequireShape(value.rows() == output_size() && value.cols() == tape.batch_, what, last,
               layer(last), {output_size(), tape.batch_}, {value.rows(), value.cols()});
}

void Network::CheckVector(const char* what, const Vector& value) const {
  if (value.size() == parameter_count()) return;
  throw std::invalid_argument(std::string(what) + " of the network with last layer " +
                              layer(layer_count() - 1).Description() + ": expected shape " +
                              ShapeText({parameter_count(), 1}) + ", got " +
                              ShapeText({value.size(), 1}));
}

void Network::CheckForward(const Tape& tape, bool made_for, const char* option) const {
  if (tape.input_ == nullptr) {
    throw std::invalid_argument("derivatives need a tape on which Forward has run");
  }
  if (!made_for) {
    throw std::invalid_argument(
        std::string("this derivative needs a tape made with TapeOptions{.") + option + " = true}");
  }
}

Network MakeNetwork(const NetworkSpec& spec) {
  return Network(spec.input_size, MakeLayers(spec.layers));
}

void Network::RequireFinite() const {
  // A finite number times zero is zero; anything else leaves a NaN in the sum.
  if ((parameters_.array() * Real(0)).sum() == 0) return;
  for (std::size_t k = 0; k < layer_count(); ++k) {
    for (const ParameterBlock& block : layer(k).Parameters()) {
      for (Index i = 0; i < block.rows * block.cols; ++i) {
        if (std::isfinite(parameters_[parameter_offset(k) + block.offset + i])) continue;
        throw std::invalid_argument(block.name + " of layer " + std::to_string(k) + " " +
                                    layer(k).Description() + ", shape " +
                                    ShapeText({block.rows, block.cols}) + ": entry (" +
                                    std::to_string(i % block.rows) + ", " +
                                    std::to_string(i / block.rows) + ") is not finite");
      }
    }
  }
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
