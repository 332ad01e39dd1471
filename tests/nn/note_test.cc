// The source note's two-layer network, consistency test and gradient ascent (nn/README.md), in
// double.
#include "nn/layers/layers.h"
#include "nn/network/ascent.h"
#include "nn/network/network_config.h"
#include "tests/nn/laws.h"
#include "tests/support/catch.h"
#include "tests/support/finite_difference.h"

using namespace nabla::nn;
using nabla::test::CentralDifferences;
using nabla::test::RelativeError;

namespace {

// y = f(W2 g(W1 x + b1) + b2) with f = sin and g = tanh, 3 → 5 → 2, and its terms by hand.
struct TwoLayers {
  Matrix w1 = Matrix::Random(5, 3), w2 = Matrix::Random(2, 5);
  Vector b1 = Vector::Random(5), b2 = Vector::Random(2), x = Vector::Random(3);
  Vector v1 = w1 * x + b1, a1 = v1.array().tanh(), v2 = w2 * a1 + b2;
  Matrix d1 = (1 - a1.array().square()).matrix().asDiagonal();  // D(1)
  Matrix d2 = v2.array().cos().matrix().asDiagonal();           // D(2)

  Network Build() const {
    Network network =
        MakeNetwork(NetworkSpec{3, {{"linear", 3, 5, "tanh", {}}, {"linear", 5, 2, "sin", {}}}});
    network.parameters() << w1.reshaped(), b1, w2.reshaped(), b2;
    return network;
  }
};

}  // namespace

TEST_CASE("note: the two-layer case written out by hand equals the general code", "[nn][laws]") {
  const TwoLayers note;
  const Network network = note.Build();
  Tape tape = network.MakeTape(1, {.jacobian = true});
  Matrix jacobian(2, network.parameter_count()), gradient(6, 1);
  REQUIRE(RelativeError(network.Forward(note.x, tape), note.v2.array().sin().matrix()) <= 1e-12);
  network.WeightJacobian(tape, jacobian);

  Index column = 0;
  for (Index i = 0; i < 3; ++i) {  // ∂y/∂w_ji(1) = D(2) W(2) D(1) e_j x_i
    for (Index j = 0; j < 5; ++j, ++column) {
      const Vector by_hand = note.d2 * note.w2 * note.d1 * Vector::Unit(5, j) * note.x[i];
      REQUIRE(RelativeError(jacobian.col(column), by_hand) <= 1e-12);
    }
  }
  for (Index j = 0; j < 5; ++j, ++column) {  // ∂y/∂b_j(1) = D(2) W(2) D(1) e_j
    const Vector by_hand = note.d2 * note.w2 * note.d1 * Vector::Unit(5, j);
    REQUIRE(RelativeError(jacobian.col(column), by_hand) <= 1e-12);
  }
  for (Index i = 0; i < 5; ++i) {  // ∂y/∂w_ji(2) = D(2) e_j g_i
    for (Index j = 0; j < 2; ++j, ++column) {
      const Vector by_hand = note.d2 * Vector::Unit(2, j) * note.a1[i];
      REQUIRE(RelativeError(jacobian.col(column), by_hand) <= 1e-12);
    }
  }
  for (Index j = 0; j < 2; ++j, ++column) {  // ∂y/∂b_j(2) = D(2) e_j
    REQUIRE(RelativeError(jacobian.col(column), note.d2 * Vector::Unit(2, j)) <= 1e-12);
  }
  REQUIRE(column == network.parameter_count());

  // ∇_x y = D(2) W(2) D(1) W(1) = δ(1) W(1), and the local gradients δ themselves
  network.InputGradient(tape, gradient);
  const Matrix delta2 = note.d2, delta1 = delta2 * note.w2 * note.d1;
  REQUIRE(RelativeError(gradient.reshaped(2, 3), delta1 * note.w1) <= 1e-12);
  REQUIRE(RelativeError(network.LocalGradients(tape, 1).transpose(), delta2) <= 1e-12);
  REQUIRE(RelativeError(network.LocalGradients(tape, 0).transpose(), delta1) <= 1e-12);
}

TEST_CASE("note: local gradients are the derivatives in the biases", "[nn][laws]") {
  Network network = MakeNetwork({.hidden = {6, 4}, .activation = "tanh"}, 3, 2, "softplus");
  network.parameters().setRandom();
  const Index batch = 3;
  const Matrix x = Matrix::Random(3, batch);
  Tape tape = network.MakeTape(batch, {.jacobian = true});
  Matrix jacobian(2 * batch, network.parameter_count());
  network.Forward(x, tape);
  network.WeightJacobian(tape, jacobian);
  for (std::size_t k = 0; k < network.layer_count(); ++k) {
    const Index rows = network.layer(k).output_size();
    const Index bias = network.parameter_offset(k) + rows * network.layer(k).input_size();
    REQUIRE(RelativeError(network.LocalGradients(tape, k),
                          jacobian.middleCols(bias, rows).transpose()) <= 1e-15);
  }
}

TEST_CASE("note: the error gradient is (y - t)' J, backpropagation and central differences",
          "[nn][laws]") {
  Network network = MakeNetwork({.hidden = {6, 4}, .activation = "silu"}, 3, 2, "tanh");
  network.parameters().setRandom();
  const Matrix x = Matrix::Random(3, 1), t = Matrix::Random(2, 1);
  Tape tape = network.MakeTape(1, {.jacobian = true});
  const Matrix residual = network.Forward(x, tape) - t;
  Matrix jacobian(2, network.parameter_count());
  network.WeightJacobian(tape, jacobian);
  const Matrix by_jacobian = residual.transpose() * jacobian;
  Vector by_backpropagation = Vector::Zero(network.parameter_count());
  network.Vjp(tape, residual, &by_backpropagation, nullptr);
  Network moved = network;
  const auto error = [&](const Vector& theta) {
    moved.parameters() = theta;
    return Vector::Constant(1, 0.5 * (moved.Evaluate(x, tape) - t).squaredNorm());
  };
  REQUIRE(RelativeError(by_jacobian, by_backpropagation.transpose()) <= 1e-12);
  REQUIRE(RelativeError(by_jacobian, CentralDifferences(error, network.parameters())) <= 1e-7);
}

namespace {

// A layer y = −½ Σ_i a_i (x_i − c_i)², with a known maximum.
class Hill : public Layer {
 public:
  Hill(Vector steepness, Vector summit)
      : Layer(summit.size(), 1), a_(std::move(steepness)), c_(std::move(summit)) {}

  LayerSpec Spec() const override {
    return {.kind = "hill", .input_size = input_size(), .output_size = 1};
  }
  void Forward(const Real*, const ConstMatrixRef& x, bool, LayerTape&, MatrixRef y) const override {
    y = -0.5 * a_.transpose() * (x.colwise() - c_).array().square().matrix();
  }
  void Reverse(const Real*, const ConstMatrixRef& x, LayerTape&, MatrixRef dy, const ParameterSink&,
               MatrixRef* dx, Index first_input) const override {
    if (dx == nullptr) return;
    const Matrix slope = -(a_.asDiagonal() * (x.colwise() - c_));
    *dx = (slope * dy.row(0).asDiagonal()).middleRows(first_input, dx->rows());
  }
  void Jvp(const Real*, const Real*, const ConstMatrixRef& x, const ConstMatrixRef* x_dot,
           LayerTape&, MatrixRef y_dot) const override {
    y_dot.setZero();
    if (x_dot == nullptr) return;
    y_dot = -(a_.asDiagonal() * (x.colwise() - c_)).cwiseProduct(*x_dot).colwise().sum();
  }
  void ReverseTangent(const Real*, const Real*, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, LayerTape&, MatrixRef dy, MatrixRef dy_dot,
                      Real*, MatrixRef* dx, MatrixRef* dx_dot) const override {
    if (dx_dot == nullptr) return;
    const Matrix slope = -(a_.asDiagonal() * (x.colwise() - c_));
    *dx = slope * dy.row(0).asDiagonal();
    *dx_dot = slope * dy_dot.row(0).asDiagonal();
    if (x_dot != nullptr) *dx_dot -= a_.asDiagonal() * (*x_dot) * dy.row(0).asDiagonal();
  }

 private:
  Vector a_, c_;
};

}  // namespace

TEST_CASE("climbing: on a quadratic it follows the closed form", "[nn]") {
  const Vector steepness = (Vector(3) << 1, 2, 0.5).finished(), summit = Vector::Random(3);
  const Network hill(3, {std::make_shared<Hill>(steepness, summit)});
  nabla::test::CheckSecondDerivatives(hill, 2);
  const Matrix start = Matrix::Random(3, 4);
  const double rate = 0.3;
  for (const int steps : {1, 7, 40}) {
    Matrix x = start;
    const Matrix y = ClimbInput(hill, {.steps = steps, .rate = rate, .line_search = false}, x);
    // x_n = c + (1 − η a)^n (x_0 − c)
    const Vector factor = (1 - rate * steepness.array()).pow(steps);
    const Matrix expected = (factor.asDiagonal() * (start.colwise() - summit)).colwise() + summit;
    REQUIRE(RelativeError(x, expected) <= 1e-12);
    const Matrix height =
        -0.5 * steepness.transpose() * (expected.colwise() - summit).array().square().matrix();
    REQUIRE(RelativeError(y, height) <= 1e-12);
  }
  Matrix x = start;  // only the last two inputs move
  ClimbInput(hill, {.steps = 200, .first_input = 1}, x);
  REQUIRE(x.row(0) == start.row(0));
  REQUIRE((x.bottomRows(2).colwise() - summit.tail(2)).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("climbing: with line search a network never falls, at any starting step", "[nn]") {
  Network network = MakeNetwork({.hidden = {8, 8}, .activation = "tanh"}, 4, 1, "identity");
  network.parameters() = 2 * Vector::Random(network.parameter_count());
  for (const double rate : {1e-3, 0.5, 100.0}) {
    CAPTURE(rate);
    Matrix x = Matrix::Random(4, 6);
    Tape tape = network.MakeTape(6);
    const Matrix first = network.Evaluate(x, tape);
    Matrix before = first;
    for (int n = 0; n < 30; ++n) {
      const Matrix y = ClimbInput(network, {.steps = 1, .rate = rate}, x);
      REQUIRE((y.array() >= before.array()).all());
      before = y;
    }
    Matrix far = Matrix::Random(4, 6);
    const Matrix start = network.Evaluate(far, tape);
    const Matrix end = ClimbInput(network, {.steps = 60, .rate = rate}, far);
    REQUIRE((end.array() > start.array()).all());
  }
  Matrix x = Matrix::Zero(4, 1);
  const Network two = MakeNetwork({.hidden = {3}}, 4, 2, "identity");
  REQUIRE_THROWS_WITH(ClimbInput(two, {}, x), nabla::test::ContainsText("one output"));
}
