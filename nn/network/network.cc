#include "nn/network/network.h"

#include <cmath>
#include <stdexcept>

#include "nn/layers/layers.h"
#include "nn/layers/shape.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

Network::Network(Index input_size, LayerList layers)
    : layers_(input_size, std::move(layers)), parameters_(Vector::Zero(layers_.parameter_count())) {
  std::string structure;
  for (const LayerSpec& spec : layers_.Specs()) {
    structure += (structure.empty() ? "" : ", ") + spec.Text();
  }
  structure_ = std::make_shared<const std::string>(std::move(structure));
}

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
  tape.structure_ = structure_;
  tape.input_.resize(input_size(), batch);
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
  return tape;
}

const Matrix& Network::Evaluate(const ConstMatrixRef& x, Tape& tape) const {
  CheckInput(x, tape);
  return Run(x, Tape::Pass::kEvaluate, tape);
}

const Matrix& Network::Forward(const ConstMatrixRef& x, Tape& tape) const {
  CheckInput(x, tape);
  tape.input_ = x;
  return Run(tape.input_, Tape::Pass::kForward, tape);
}

const Matrix& Network::Run(const ConstMatrixRef& x, Tape::Pass pass, Tape& tape) const {
  layers_.Forward(parameters_.data(), x, pass == Tape::Pass::kForward, tape.layers_);
  tape.last_pass_ = pass;
  tape.parameters_ = parameters_.data();
  tape.holds_local_gradients_ = false;
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
  tape.holds_local_gradients_ = false;
  Reverse(tape, 1, {.sum = dtheta == nullptr ? nullptr : dtheta->data()}, dx, first_input);
}

const Matrix& Network::Jvp(Tape& tape, const ConstMatrixRef* x_dot, const Vector* theta_dot) const {
  CheckForward(tape, tape.options_.tangent, "tangent");
  if (x_dot != nullptr) CheckInput(*x_dot, tape);
  if (theta_dot != nullptr) CheckVector("parameter direction", *theta_dot);
  layers_.Jvp(parameters_.data(), theta_dot == nullptr ? nullptr : theta_dot->data(), tape.input_,
              x_dot, tape.layers_);
  return tape.layers_.back().tangent;
}

void Network::Reverse(Tape& tape, Index g, const ParameterSink& sink, MatrixRef* dx,
                      Index first_input) const {
  layers_.Reverse(parameters_.data(), tape.input_, tape.layers_, g, sink, dx, first_input);
}

void Network::CheckTape(const Tape& tape) const {
  if (tape.batch_ == 0) throw std::invalid_argument("the tape is empty: use MakeTape(batch)");
  if (tape.structure_ == structure_ || *tape.structure_ == *structure_) return;
  throw std::invalid_argument("the tape was made for the network " + *tape.structure_ +
                              ", not for " + *structure_);
}

void Network::CheckInput(const ConstMatrixRef& x, const Tape& tape) const {
  CheckTape(tape);
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
  CheckTape(tape);
  if (tape.last_pass_ == Tape::Pass::kNone) {
    throw std::invalid_argument("derivatives need a tape on which Forward has run");
  }
  if (tape.last_pass_ == Tape::Pass::kEvaluate) {
    throw std::invalid_argument(
        "derivatives need Forward, but the last pass on this tape was Evaluate");
  }
  if (tape.parameters_ != parameters_.data()) {
    throw std::invalid_argument(
        "derivatives need Forward of the same network, but the last pass on this tape used other "
        "parameters");
  }
  if (!made_for) {
    throw std::invalid_argument(
        std::string("this derivative needs a tape made with TapeOptions{.") + option + " = true}");
  }
}

Network MakeNetwork(const NetworkSpec& spec) {
  return Network(spec.input_size, MakeLayers(spec.layers));
}

void Network::CheckLayer(std::size_t k) const {
  if (k < layer_count()) return;
  throw std::invalid_argument("there is no layer " + std::to_string(k) + " in the network " +
                              *structure_);
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
