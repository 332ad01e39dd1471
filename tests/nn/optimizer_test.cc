// Adam and Polyak averaging against the paper's formulas in double.
#include <cmath>
#include <random>

#include "nn/optimizers/adam.h"
#include "tests/support/catch.h"

using namespace nabla::nn;

TEST_CASE("adam: a hundred steps follow the paper's algorithm", "[nn]") {
  const Index n = 37;
  const AdamOptions options{.learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
  Adam adam(n, options);
  Vector theta = Vector::Random(n);
  Eigen::VectorXd expected = theta.cast<double>();
  Eigen::VectorXd m = Eigen::VectorXd::Zero(n), v = m;
  for (int t = 1; t <= 100; ++t) {
    const Vector gradient = Vector::Random(n);
    adam.Step(gradient, theta);
    const Eigen::ArrayXd g = gradient.cast<double>().array();
    m = 0.9 * m.array() + 0.1 * g;
    v = 0.999 * v.array() + 0.001 * g * g;
    const Eigen::ArrayXd m_hat = m.array() / (1 - std::pow(0.9, t));
    const Eigen::ArrayXd v_hat = v.array() / (1 - std::pow(0.999, t));
    expected.array() -= 0.01 * m_hat / (v_hat.sqrt() + 1e-8);
  }
  REQUIRE((theta.cast<double>() - expected).cwiseAbs().maxCoeff() < 1e-5);
  REQUIRE(adam.step() == 100);
}

TEST_CASE("polyak: the target moves the share tau of the way", "[nn]") {
  Vector target = Vector::Constant(20, 1);
  const Vector source = Vector::Constant(20, 3);
  Polyak(source, 0.25, target);
  REQUIRE(target == Vector::Constant(20, 1.5));
  Polyak(source, 1, target);
  REQUIRE(target == source);
}
