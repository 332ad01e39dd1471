// The check that a float program runs on its networks (nn/network/derivative_check.h): this program
// is built on the float networks and holds the double ones too.
#include "nn/network/derivative_check.h"

#include "nn/layers/layers.h"
#include "nn/network/network_config.h"
#include "tests/support/catch.h"

using namespace nabla::nn;

namespace {

std::vector<double> AsDouble(const Vector& v) {
  const Eigen::VectorXd wide = v.cast<double>();
  return {wide.data(), wide.data() + wide.size()};
}

std::vector<DerivativeCheck> Check(const Network& network) {
  return CheckDerivatives(network.Spec(), AsDouble(network.parameters()),
                          AsDouble(Vector::Random(network.input_size())), 7);
}

}  // namespace

TEST_CASE("check: every derivative of every layer passes in double", "[nn][laws]") {
  static_assert(sizeof(Real) == sizeof(float));
  for (const LayerKind& kind : LayerKinds()) {
    for (const LayerSpec& example : kind.examples) {
      Network network = MakeNetwork({4,
                                     {{"linear", 4, example.input_size, "tanh", {}},
                                      example,
                                      {"linear", example.output_size, 2, "sin", {}}}});
      network.parameters().setRandom();
      for (const DerivativeCheck& row : Check(network)) {
        CAPTURE(example.Text(), row.layer, row.quantity);
        REQUIRE(row.worst_relative_error <= 1e-6);
      }
    }
  }
}

TEST_CASE("check: the table names the layers and the quantities", "[nn]") {
  Network network = MakeNetwork({.hidden = {64, 64}, .layer_norm = true}, 17, 6, "tanh");
  network.parameters().setRandom();
  const auto table = Check(network);
  const auto has = [&](const std::string& layer, const std::string& quantity) {
    for (const DerivativeCheck& row : table) {
      if (row.layer == layer && row.quantity == quantity) return true;
    }
    return false;
  };
  REQUIRE(has("network", "input gradient"));
  REQUIRE(has("network", "H_xx v"));
  REQUIRE(has("0 linear(17 -> 64, identity)", "weight Jacobian, weight"));
  REQUIRE(has("1 layer_norm(64 -> 64)", "weight Jacobian, scale"));
  REQUIRE(has("6 linear(64 -> 6, tanh)", "H_theta_theta u, bias"));
}

TEST_CASE("check: it can fail, on a kink where no derivative is", "[nn]") {
  Network network = MakeNetwork({1, {{"linear", 1, 1, "relu", {}}, {"linear", 1, 1, "sin", {}}}});
  network.parameters() << 1, -0.5f, 1, 0;
  const auto worst = [&](double x) {
    double error = 0;
    for (const auto& row : CheckDerivatives(network.Spec(), AsDouble(network.parameters()), {x}, 3))
      error = std::max(error, row.worst_relative_error);
    return error;
  };
  REQUIRE(worst(2.0) <= 1e-6);
  REQUIRE(worst(0.5) > 0.1);
}

TEST_CASE("check: sizes that do not fit are refused", "[nn]") {
  const Network network = MakeNetwork({.hidden = {4}}, 3, 2, "tanh");
  const std::vector<double> theta = AsDouble(network.parameters());
  REQUIRE_THROWS_WITH(CheckDerivatives(network.Spec(), {1, 2}, {0, 0, 0}, 1),
                      nabla::test::ContainsText("expected shape [26, 1], got [2, 1]"));
  REQUIRE_THROWS_WITH(CheckDerivatives(network.Spec(), theta, {0, 0}, 1),
                      nabla::test::ContainsText("needs 3 finite inputs, got 2"));
  std::vector<double> broken = theta;
  broken[3] = NAN;
  REQUIRE_THROWS_WITH(CheckDerivatives(network.Spec(), broken, {0, 0, 0}, 1),
                      nabla::test::ContainsText("not finite"));
}
