// The float kernels against the standard library in double.
#include "nn/kernels/activation.h"

#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "tests/support/catch.h"

using namespace nabla::nn;

TEST_CASE("activation: float values are within a few roundings of the exact ones", "[nn]") {
  const std::map<std::string, std::function<double(double)>> exact = {
      {"identity", [](double v) { return v; }},
      {"tanh", [](double v) { return std::tanh(v); }},
      {"sigmoid", [](double v) { return 1 / (1 + std::exp(-v)); }},
      {"relu", [](double v) { return std::max(v, 0.0); }},
      {"leaky_relu", [](double v) { return v > 0 ? v : 0.01 * v; }},
      {"elu", [](double v) { return v > 0 ? v : std::expm1(v); }},
      {"softplus",
       [](double v) { return v > 0 ? v + std::log1p(std::exp(-v)) : std::log1p(std::exp(v)); }},
      {"silu", [](double v) { return v / (1 + std::exp(-v)); }},
      {"sin", [](double v) { return std::sin(v); }},
      {"square", [](double v) { return v * v; }},
  };
  REQUIRE(exact.size() == Activations().size());
  for (const Activation& activation : Activations()) {
    for (double at = -60; at <= 60; at += 0.0137) {
      Real value = static_cast<Real>(at), slope = 0;
      const double reference = exact.at(activation.name)(static_cast<double>(value));
      Real forward = value;
      activation.evaluate(&value, 1);
      activation.forward(&forward, &slope, 1);
      CAPTURE(activation.name, at);
      REQUIRE(static_cast<double>(value) == Approx(reference).epsilon(4e-7).margin(1e-30));
      REQUIRE(forward == value);
    }
  }
}

TEST_CASE("activation: extremes saturate and what is not a number stays so", "[nn]") {
  for (const Activation& activation : Activations()) {
    CAPTURE(activation.name);
    const Real far =
        activation.name == "square" ? Real(1e18) : Real(1e30);  // whose value is finite
    for (const Real at : {-far, far}) {
      Real value = at, slope = 0;
      activation.forward(&value, &slope, 1);
      REQUIRE(std::isfinite(value));
      REQUIRE(std::isfinite(slope));
    }
    Real value = std::numeric_limits<Real>::quiet_NaN();
    activation.evaluate(&value, 1);
    REQUIRE(std::isnan(value));
  }
}

TEST_CASE("activation: an unknown name lists the known ones", "[nn]") {
  REQUIRE_THROWS_WITH(FindActivation("swish"), nabla::test::ContainsText("silu"));
}
