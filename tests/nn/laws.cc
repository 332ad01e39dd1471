#include "tests/nn/laws.h"

#include "nn/kernels/activation.h"
#include "tests/support/catch.h"
#include "tests/support/finite_difference.h"

namespace nabla::test {

using namespace nabla::nn;

namespace {

constexpr double kDifferenceTolerance = 1e-7;  // against central differences
constexpr double kExactTolerance = 1e-12;      // between two exact routes

double StepSize(bool smooth) { return smooth ? 1e-3 : 1e-6; }

Vector Flat(const Matrix& m) { return Eigen::Map<const Vector>(m.data(), m.size()); }
Matrix Shaped(const Vector& flat, Index rows) {
  return Eigen::Map<const Matrix>(flat.data(), rows, flat.size() / rows);
}

// ∂vec(y)/∂θ [B·m, P] and ∂vec(y)/∂vec(x) [B·m, B·n_0] by central differences.
struct Reference {
  Matrix weight_jacobian;
  Matrix input_jacobian;

  Reference(const Network& network, const Matrix& x, double step) {
    Network moved = network;
    Tape tape = network.MakeTape(x.cols());
    const auto in_theta = [&](const Vector& theta) {
      moved.parameters() = theta;
      return Flat(moved.Evaluate(x, tape));
    };
    const auto in_x = [&](const Vector& flat) {
      return Flat(network.Evaluate(Shaped(flat, x.rows()), tape));
    };
    weight_jacobian = network.parameter_count() == 0
                          ? Matrix(x.cols() * network.output_size(), 0)
                          : CentralDifferences(in_theta, network.parameters(), step);
    input_jacobian = CentralDifferences(in_x, Flat(x), step);
  }
};

// The blocks ∂y_b/∂x_b of the input Jacobian, stacked as InputGradient does: [m·n_0, B].
Matrix SampleBlocks(const Matrix& input_jacobian, Index batch) {
  const Index m = input_jacobian.rows() / batch, n = input_jacobian.cols() / batch;
  Matrix blocks(m * n, batch);
  for (Index b = 0; b < batch; ++b) {
    blocks.col(b) = Flat(input_jacobian.block(b * m, b * n, m, n));
  }
  return blocks;
}

void CheckJacobians(const Network& network, Tape& tape, const Reference& reference) {
  const Index batch = tape.batch(), m = network.output_size(), n = network.input_size();
  Matrix jacobian(batch * m, network.parameter_count()), gram(batch * m, batch * m);
  Matrix gradient(m * n, batch);
  network.WeightJacobian(tape, jacobian);
  network.InputGradient(tape, gradient);
  network.WeightGram(tape, gram);
  INFO("WeightJacobian");
  REQUIRE(RelativeError(jacobian, reference.weight_jacobian) <= kDifferenceTolerance);
  INFO("InputGradient");
  REQUIRE(RelativeError(gradient, SampleBlocks(reference.input_jacobian, batch)) <=
          kDifferenceTolerance);
  INFO("WeightGram");
  REQUIRE(RelativeError(gram, jacobian * jacobian.transpose()) <= kExactTolerance);
  for (Index first = 0; first < n; ++first) {
    for (Index count = 1; first + count <= n; ++count) {
      INFO("inputs " << first << " to " << first + count - 1);
      Matrix block(m * count, batch);
      network.InputGradient(tape, block, first);
      REQUIRE(RelativeError(block, gradient.middleRows(m * first, m * count)) <= kExactTolerance);
    }
  }
}

void CheckProducts(const Network& network, const Matrix& x, Tape& tape,
                   const Reference& reference) {
  const Index batch = x.cols(), m = network.output_size(), p = network.parameter_count();
  const Matrix c = Matrix::Random(m, batch), v = Matrix::Random(x.rows(), batch);
  const Vector u = Vector::Random(p);
  const Matrix& j = reference.weight_jacobian;
  const Matrix& j_x = reference.input_jacobian;

  Vector dtheta = Vector::Constant(p, 0.5), transpose_times(p);
  Matrix dx(x.rows(), batch);
  MatrixRef dx_ref = dx;
  network.Vjp(tape, c, &dtheta, &dx_ref);
  INFO("Vjp");
  REQUIRE(RelativeError(dtheta.array() - 0.5, j.transpose() * Flat(c)) <= kDifferenceTolerance);
  REQUIRE(RelativeError(Flat(dx), j_x.transpose() * Flat(c)) <= kDifferenceTolerance);
  INFO("JacobianTransposeTimes");
  network.JacobianTransposeTimes(tape, c, transpose_times);
  REQUIRE(RelativeError(transpose_times, dtheta.array() - 0.5) <= kExactTolerance);

  INFO("Jvp");
  const ConstMatrixRef v_ref = v;
  const Matrix both = network.Jvp(tape, &v_ref, &u);
  REQUIRE(RelativeError(Flat(both), j * u + j_x * Flat(v)) <= kDifferenceTolerance);
  const Matrix in_x = network.Jvp(tape, &v_ref, nullptr);
  const Matrix times = network.JacobianTimes(tape, u);
  REQUIRE(RelativeError(in_x + times, both) <= kExactTolerance);
  REQUIRE(network.Jvp(tape, nullptr, nullptr).isZero());
  INFO("forward and reverse mode agree: cᵀ (J u) = (cᵀ J) u");
  REQUIRE(std::abs(Flat(c).dot(Flat(times)) - transpose_times.dot(u)) <=
          kExactTolerance * (1 + std::abs(transpose_times.dot(u))));
}

}  // namespace

void CheckFirstDerivatives(const Network& network, Index batch, bool smooth) {
  const Matrix x = Matrix::Random(network.input_size(), batch);
  Tape tape = network.MakeTape(batch, {.jacobian = true, .tangent = true});
  const Matrix evaluated = network.Evaluate(x, tape);
  REQUIRE(network.Forward(x, tape) == evaluated);
  const Reference reference(network, x, StepSize(smooth));
  CheckJacobians(network, tape, reference);
  CheckProducts(network, x, tape, reference);
}

void CheckSecondDerivatives(const Network& network, Index batch, bool smooth) {
  const Index n = network.input_size(), p = network.parameter_count();
  const Matrix x = Matrix::Random(n, batch), c = Matrix::Random(network.output_size(), batch);
  const Matrix v = Matrix::Random(n, batch), w = Matrix::Random(n, batch);
  const Vector u = Vector::Random(p), s = Vector::Random(p);

  // d/dε (∇_x E, ∇_θ E) along x + ε x_dot, θ + ε theta_dot
  const auto difference = [&](const Matrix& x_dot, const Vector& theta_dot) {
    Network moved = network;
    Tape tape = network.MakeTape(batch);
    return CentralDifferences(
        [&](const Vector& epsilon) {
          const Matrix at = x + epsilon[0] * x_dot;
          moved.parameters() = network.parameters() + epsilon[0] * theta_dot;
          moved.Forward(at, tape);
          Vector dtheta = Vector::Zero(p), both(n * batch + p);
          Matrix dx(n, batch);
          MatrixRef dx_ref = dx;
          moved.Vjp(tape, c, &dtheta, &dx_ref);
          both << Flat(dx), dtheta;
          return both;
        },
        Vector::Zero(1), StepSize(smooth));
  };

  Tape tape = network.MakeTape(batch, {.second_order = true});
  network.Forward(x, tape);
  Matrix h_xx_v(n, batch), h_xx_w(n, batch), dx_dot(n, batch);
  Vector h_tx_v(p), h_tt_u(p), h_tt_s(p), dtheta_dot = Vector::Zero(p);
  network.InputHessianTimes(tape, c, v, h_xx_v);
  network.InputHessianTimes(tape, c, w, h_xx_w);
  network.MixedHessianTimes(tape, c, v, h_tx_v);
  network.ParameterHessianTimes(tape, c, u, h_tt_u);
  network.ParameterHessianTimes(tape, c, s, h_tt_s);

  const Matrix along_x = difference(v, Vector::Zero(p));
  INFO("InputHessianTimes");
  REQUIRE(RelativeError(Flat(h_xx_v), along_x.topRows(n * batch)) <= kDifferenceTolerance);
  REQUIRE(std::abs(Flat(w).dot(Flat(h_xx_v)) - Flat(v).dot(Flat(h_xx_w))) <= kExactTolerance);
  INFO("MixedHessianTimes");
  REQUIRE(RelativeError(h_tx_v, along_x.bottomRows(p)) <= kDifferenceTolerance);
  INFO("ParameterHessianTimes");
  const Matrix along_theta = difference(Matrix::Zero(n, batch), u);
  REQUIRE(RelativeError(h_tt_u, along_theta.bottomRows(p)) <= kDifferenceTolerance);
  REQUIRE(std::abs(s.dot(h_tt_u) - u.dot(h_tt_s)) <= kExactTolerance * (1 + h_tt_u.norm()));

  INFO("ReverseTangent along both directions is the sum of the blocks");
  const ConstMatrixRef v_ref = v;
  MatrixRef dx_dot_ref = dx_dot;
  network.ReverseTangent(tape, c, &v_ref, &u, &dtheta_dot, &dx_dot_ref);
  REQUIRE(RelativeError(dtheta_dot, h_tx_v + h_tt_u) <= kExactTolerance);
  REQUIRE(RelativeError(Flat(dx_dot), Flat(h_xx_v) + along_theta.topRows(n * batch)) <=
          kDifferenceTolerance);
}

bool IsSmooth(const NetworkSpec& spec) {
  for (const LayerSpec& layer : spec.layers) {
    if (!layer.activation.empty() && !FindActivation(layer.activation).is_smooth) return false;
    if (!IsSmooth({layer.input_size, layer.inner})) return false;
  }
  return true;
}

}  // namespace nabla::test
