// Wrong use: a message of one line that names the cause, and no output is written.
#include <limits>

#include "nn/layers/layers.h"
#include "nn/network/network_config.h"
#include "tests/support/catch.h"

using namespace nabla::nn;
using nabla::test::ContainsText;

namespace {

Network SmallNetwork() {
  Network network = MakeNetwork({.hidden = {4}, .activation = "silu"}, 3, 2, "identity");
  network.parameters().setConstant(Real(0.5));
  return network;
}

}  // namespace

TEST_CASE("bad input: wrong shapes name the layer and both shapes", "[nn]") {
  const Network network = SmallNetwork();
  Tape tape = network.MakeTape(5, {.jacobian = true, .tangent = true, .second_order = true});
  REQUIRE_THROWS_WITH(network.Evaluate(Matrix::Zero(4, 5), tape),
                      "input of layer 0 linear(3 -> 4, silu): expected shape [3, 5], got [4, 5]");
  REQUIRE_THROWS_WITH(network.Forward(Matrix::Zero(3, 6), tape),
                      "input of layer 0 linear(3 -> 4, silu): expected shape [3, 5], got [3, 6]");
  const Matrix x = Matrix::Ones(3, 5);
  network.Forward(x, tape);
  REQUIRE_THROWS_WITH(
      network.Vjp(tape, Matrix::Zero(1, 5), nullptr, nullptr),
      "cotangent of layer 1 linear(4 -> 2, identity): expected shape [2, 5], got [1, 5]");

  const Index p = network.parameter_count();
  Vector short_vector = Vector::Ones(p - 1);
  Matrix small = Matrix::Ones(3, 3);
  const Matrix cotangent = Matrix::Ones(2, 5);
  REQUIRE_THROWS_WITH(network.Vjp(tape, cotangent, &short_vector, nullptr),
                      ContainsText("expected shape [26, 1], got [25, 1]"));
  REQUIRE_THROWS_WITH(network.WeightJacobian(tape, small),
                      ContainsText("expected shape [10, 26], got [3, 3]"));
  REQUIRE_THROWS_WITH(network.WeightGram(tape, small),
                      ContainsText("expected shape [10, 10], got [3, 3]"));
  REQUIRE_THROWS_WITH(network.InputGradient(tape, small),
                      ContainsText("expected shape [6, 5], got [3, 3]"));
  REQUIRE_THROWS_WITH(network.JacobianTimes(tape, short_vector), ContainsText("[26, 1]"));
  REQUIRE_THROWS_WITH(network.JacobianTransposeTimes(tape, cotangent, short_vector),
                      ContainsText("[26, 1]"));
  REQUIRE_THROWS_WITH(network.ParameterHessianTimes(tape, cotangent, short_vector, short_vector),
                      ContainsText("[26, 1]"));
  REQUIRE(short_vector == Vector::Ones(p - 1));  // nothing was written
  REQUIRE(small == Matrix::Ones(3, 3));
}

TEST_CASE("bad input: a tape must be made, support the function and hold a forward pass", "[nn]") {
  const Network network = SmallNetwork();
  Tape none;
  const Matrix x = Matrix::Ones(3, 5), cotangent = Matrix::Ones(2, 5);
  REQUIRE_THROWS_WITH(network.Forward(x, none), ContainsText("MakeTape"));
  Tape tape = network.MakeTape(5);
  REQUIRE_THROWS_WITH(network.Vjp(tape, cotangent, nullptr, nullptr),
                      ContainsText("Forward has run"));
  network.Forward(x, tape);
  Matrix jacobian(10, network.parameter_count());
  Vector product = Vector::Ones(network.parameter_count());
  REQUIRE_THROWS_WITH(network.WeightJacobian(tape, jacobian), ContainsText(".jacobian = true"));
  REQUIRE_THROWS_WITH(network.JacobianTimes(tape, product), ContainsText(".tangent = true"));
  REQUIRE_THROWS_WITH(network.MixedHessianTimes(tape, cotangent, x, product),
                      ContainsText(".second_order = true"));
  REQUIRE(product == Vector::Ones(network.parameter_count()));
  REQUIRE_THROWS_WITH(network.MakeTape(0), ContainsText("at least one sample"));
}

TEST_CASE("bad input: a tape of a network of another structure is refused", "[nn]") {
  const Network network = SmallNetwork();
  const Network other = MakeNetwork({.hidden = {4, 4}, .activation = "silu"}, 3, 2, "identity");
  const Matrix x = Matrix::Ones(3, 5), cotangent = Matrix::Ones(2, 5);
  Tape tape = network.MakeTape(5, {.jacobian = true});
  const auto refused =
      ContainsText("made for the network linear(3 -> 4, silu), linear(4 -> 2, identity), not for");
  REQUIRE_THROWS_WITH(other.Evaluate(x, tape), refused);
  REQUIRE_THROWS_WITH(other.Forward(x, tape), refused);
  network.Forward(x, tape);
  Matrix jacobian(10, other.parameter_count()), gradient(6, 5);
  REQUIRE_THROWS_WITH(other.Vjp(tape, cotangent, nullptr, nullptr), refused);
  REQUIRE_THROWS_WITH(other.WeightJacobian(tape, jacobian), refused);
  REQUIRE_THROWS_WITH(other.InputGradient(tape, gradient), refused);
  REQUIRE_THROWS_WITH(other.LocalGradients(tape, 2), refused);
  REQUIRE_THROWS_WITH(other.Output(tape, 2), refused);
}

TEST_CASE("bad input: derivatives need Forward of the same network as the last pass", "[nn]") {
  const Network network = SmallNetwork();
  Network other = network;
  const Matrix x = Matrix::Random(3, 5), cotangent = Matrix::Ones(2, 5);
  Tape tape = network.MakeTape(5, {.jacobian = true, .second_order = true});
  Vector dtheta = Vector::Zero(network.parameter_count());
  Matrix gradient(6, 5);
  network.Forward(x, tape);
  network.Evaluate(2 * x, tape);
  REQUIRE_THROWS_WITH(network.Vjp(tape, cotangent, &dtheta, nullptr), ContainsText("was Evaluate"));
  REQUIRE_THROWS_WITH(network.Jvp(tape, nullptr, &dtheta), ContainsText("was Evaluate"));
  REQUIRE_THROWS_WITH(network.InputHessianTimes(tape, cotangent, x, gradient),
                      ContainsText("was Evaluate"));
  other.Forward(x, tape);
  REQUIRE_THROWS_WITH(network.InputGradient(tape, gradient), ContainsText("other parameters"));
  other.Vjp(tape, cotangent, &dtheta, nullptr);  // its own pass
  network.Forward(x, tape);
  network.Vjp(tape, cotangent, &dtheta, nullptr);
}

TEST_CASE("bad input: outputs and local gradients are those of the last pass", "[nn]") {
  const Network network = SmallNetwork();
  const Matrix x = Matrix::Random(3, 5);
  Tape tape = network.MakeTape(5, {.jacobian = true});
  Matrix gradient(6, 5);
  REQUIRE_THROWS_WITH(network.Output(tape, 0), ContainsText("Evaluate or Forward has run"));
  network.Forward(x, tape);
  REQUIRE_THROWS_WITH(network.LocalGradients(tape, 0), ContainsText("local gradients need"));
  network.InputGradient(tape, gradient);
  REQUIRE(network.LocalGradients(tape, 1).cols() == 10);
  REQUIRE_THROWS_WITH(network.LocalGradients(tape, 2), ContainsText("no layer 2"));
  REQUIRE_THROWS_WITH(network.Output(tape, 2), ContainsText("no layer 2"));
  network.Vjp(tape, Matrix::Ones(2, 5), nullptr, nullptr);
  REQUIRE_THROWS_WITH(network.LocalGradients(tape, 0), ContainsText("local gradients need"));
}

TEST_CASE("network: the input of Forward need not outlive it", "[nn]") {
  const Network network = SmallNetwork();
  const Matrix cotangent = Matrix::Ones(2, 5);
  Matrix x = Matrix::Random(3, 5);
  const Matrix twice = 2 * x;
  Tape tape = network.MakeTape(5), other = network.MakeTape(5);
  Vector expected = Vector::Zero(network.parameter_count()), dtheta = expected;
  network.Forward(twice, other);
  network.Vjp(other, cotangent, &expected, nullptr);
  network.Forward(2 * x, tape);  // a temporary matrix
  x.setConstant(100);
  network.Vjp(tape, cotangent, &dtheta, nullptr);
  REQUIRE(dtheta == expected);
  dtheta.setZero();
  x = twice;
  network.Forward(x, tape);
  x.setConstant(100);
  network.Vjp(tape, cotangent, &dtheta, nullptr);
  REQUIRE(dtheta == expected);
}

TEST_CASE("bad input: empty and ill-fitting networks", "[nn]") {
  REQUIRE_THROWS_WITH(Network(3, {}), ContainsText("at least one layer"));
  REQUIRE_THROWS_WITH(MakeNetwork({3, {{"linear", 3, 4, "tanh", {}}, {"softmax", 5, 5, "", {}}}}),
                      "layer 1 softmax(5 -> 5) takes 5 inputs, but gets 4");
  REQUIRE_THROWS_WITH(MakeLayer({"convolution", 3, 3, "", {}}), ContainsText("layer_norm"));
  REQUIRE_THROWS_WITH(MakeLayer({"linear", 3, 3, "swish", {}}), ContainsText("silu"));
  REQUIRE_THROWS_WITH(MakeLayer({"linear", 0, 3, "tanh", {}}), ContainsText("at least 1"));
  REQUIRE_THROWS_WITH(MakeLayer({"softmax", 3, 4, "", {}}), ContainsText("softmax(3 -> 3)"));
  REQUIRE_THROWS_WITH(MakeLayer({"residual", 3, 3, "", {{"linear", 3, 4, "tanh", {}}}}),
                      ContainsText("as many outputs as inputs"));
  REQUIRE_THROWS_WITH(MakeLayer({"recurrent_output", 3, 7, "", {{"linear", 4, 4, "tanh", {}}}}),
                      ContainsText("read 4 of 3"));
  REQUIRE_THROWS_WITH(MakeNetwork({.hidden = {4, 5}, .residual = true}, 3, 1, "identity"),
                      ContainsText("equal widths"));
  REQUIRE_THROWS_WITH(MakeNetwork({.hidden = {4}, .residual = true}, 3, 1, "identity"),
                      ContainsText("two hidden layers"));
  REQUIRE_THROWS_WITH(MakeNetwork({.hidden = {0}}, 3, 1, "identity"), ContainsText("at least 1"));
}

TEST_CASE("bad input: a parameter that is not finite is named, nothing is written", "[nn]") {
  Network network = SmallNetwork();
  const Matrix x = Matrix::Ones(3, 5);
  Tape tape = network.MakeTape(5, {.jacobian = true});
  network.Forward(x, tape);
  const Vector good = network.parameters();
  for (const Real bad :
       {std::numeric_limits<Real>::quiet_NaN(), std::numeric_limits<Real>::infinity()}) {
    Vector theta = good;
    theta[16 + 3] = bad;  // row 1, column 1 of the second weight matrix
    REQUIRE_THROWS_WITH(network.SetParameters(theta),
                        "weight of layer 1 linear(4 -> 2, identity), shape [2, 4]: entry (1, 1) is "
                        "not finite");
    REQUIRE(network.parameters() == good);
    network.parameters() = theta;
    Matrix jacobian = Matrix::Ones(10, network.parameter_count());
    REQUIRE_THROWS_WITH(network.WeightJacobian(tape, jacobian), ContainsText("not finite"));
    REQUIRE(jacobian == Matrix::Ones(10, network.parameter_count()));
    network.parameters() = good;
  }
  REQUIRE_THROWS_WITH(network.SetParameters(Vector::Zero(3)), ContainsText("[26, 1]"));
  network.SetParameters(2 * good);
  REQUIRE(network.parameters() == 2 * good);
}
