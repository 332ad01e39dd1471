#include "nn/network/ascent.h"

#include <stdexcept>

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

Matrix ClimbInput(const Network& network, const AscentOptions& options, Matrix& x) {
  constexpr Real kSufficientClimb = Real(1e-4);
  if (network.output_size() != 1) {
    throw std::invalid_argument("climbing needs a network of one output, but the last layer is " +
                                network.layer(network.layer_count() - 1).Description());
  }
  const Index batch = x.cols();
  const Index inputs = options.inputs > 0 ? options.inputs : x.rows() - options.first_input;
  Tape tape = network.MakeTape(batch);
  Vector rate = Vector::Constant(batch, static_cast<Real>(options.rate));
  Matrix gradient(inputs, batch), trial = x;
  Matrix y = network.Forward(x, tape);
  for (int step = 0; step < options.steps; ++step) {
    network.InputGradient(tape, gradient, options.first_input);
    trial.middleRows(options.first_input, inputs) =
        x.middleRows(options.first_input, inputs) + gradient * rate.asDiagonal();
    const Matrix& climbed = network.Evaluate(trial, tape);
    for (Index b = 0; b < batch; ++b) {
      const Real demand = kSufficientClimb * rate[b] * gradient.col(b).squaredNorm();
      const bool accepted = !options.line_search || climbed(0, b) >= y(0, b) + demand;
      if (accepted) x.col(b) = trial.col(b);
      if (options.line_search) rate[b] *= accepted ? Real(2) : Real(0.5);
    }
    y = network.Forward(x, tape);
  }
  return y;
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
