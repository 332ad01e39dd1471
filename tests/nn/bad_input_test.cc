// Wrong shapes, empty networks and parameters that are not finite: one clear line, nothing written.
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

TEST_CASE("bad input: a tape must be made, made for the verb and forwarded", "[nn]") {
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
