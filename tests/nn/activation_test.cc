// The float kernels against the exact functions in double.
#include "nn/kernels/activation.h"

#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "nn/kernels/elementary.h"
#include "nn/network/network.h"
#include "tests/support/catch.h"

using namespace nabla::nn;

namespace {

// f, f' and f'' in double, without cancellation.
struct Exact {
  double value, slope, curvature;
  double slope_scale = 0, curvature_scale = 0;  // where nonzero: what the error is relative to
};
using ExactFunction = std::function<Exact(double)>;

double Sigmoid(double v) { return 1 / (1 + std::exp(-v)); }
double SigmoidSlope(double v) { return 0.25 / std::pow(std::cosh(v / 2), 2); }
// v f(v) at a v where f may be 0: the limit of a product that vanishes at infinity.
double Times(double v, double f) { return f == 0 ? 0 : v * f; }

const std::map<std::string, ExactFunction>& ExactFunctions() {
  static const std::map<std::string, ExactFunction> table = {
      {"identity",
       [](double v) {
         return Exact{v, 1, 0};
       }},
      {"tanh",
       [](double v) {
         const double slope = 1 / std::pow(std::cosh(v), 2);
         return Exact{std::tanh(v), slope, -2 * std::tanh(v) * slope};
       }},
      {"sigmoid",
       [](double v) {
         return Exact{Sigmoid(v), SigmoidSlope(v), -SigmoidSlope(v) * std::tanh(v / 2)};
       }},
      {"relu",
       [](double v) {
         return v > 0 ? Exact{v, 1, 0} : Exact{0, 0, 0};
       }},
      {"leaky_relu",
       [](double v) {
         return v > 0 ? Exact{v, 1, 0} : Exact{0.01 * v, 0.01, 0};
       }},
      {"elu",
       [](double v) {
         return v > 0 ? Exact{v, 1, 0} : Exact{std::expm1(v), std::exp(v), std::exp(v)};
       }},
      {"softplus",
       [](double v) {
         const double value = v > 0 ? v + std::log1p(std::exp(-v)) : std::log1p(std::exp(v));
         return Exact{value, Sigmoid(v), SigmoidSlope(v)};
       }},
      {"silu",
       [](double v) {
         const double size = std::fabs(v), s = SigmoidSlope(v);
         return Exact{Times(v, Sigmoid(v)), Sigmoid(v) + Times(v, s),
                      2 * s - Times(size, s) * std::tanh(size / 2), Sigmoid(v) + Times(size, s),
                      2 * s + Times(size, s)};
       }},
      {"sin",
       [](double v) {
         return Exact{std::sin(v), std::cos(v), -std::sin(v)};
       }},
      {"square",
       [](double v) {
         return Exact{v * v, 2 * v, 2};
       }},
  };
  return table;
}

// Dense in |v| ≤ 100, then every power of 2 with its neighbours, denormal numbers included.
std::vector<Real> Points() {
  std::vector<Real> points = {0, -Real(0)};
  for (double v = -100; v <= 100; v += 0.0037) points.push_back(static_cast<Real>(v));
  for (int exponent = -149; exponent <= 127; ++exponent) {
    const Real power = std::ldexp(Real(1), exponent);
    for (const Real v : {power, std::nextafter(power, Real(0)), Real(1.4) * power}) {
      points.push_back(v);
      points.push_back(-v);
    }
  }
  return points;
}

// The error of a float result in units of what activation.h allows.
double Excess(Real result, double exact, double scale = 0) {
  const double allowed = 5e-7 * std::max(std::fabs(exact), scale) + 2e-36;
  const auto value = static_cast<double>(result);
  if (std::fabs(exact) > std::numeric_limits<Real>::max()) {
    return std::isinf(value) && std::signbit(value) == std::signbit(exact) ? 0 : INFINITY;
  }
  const double excess = std::fabs(value - exact) / allowed;
  return std::isnan(excess) ? INFINITY : excess;
}

}  // namespace

TEST_CASE("activation: value, slope and curvature are accurate over the whole range", "[nn]") {
  const std::vector<Real> points = Points();
  const auto n = static_cast<Index>(points.size());
  REQUIRE(n % 16 != 0);  // a part of a register at the end
  REQUIRE(ExactFunctions().size() == Activations().size());
  for (const Activation& activation : Activations()) {
    std::vector<Real> value = points, forward = points, slope = points, curvature = points;
    activation.evaluate(value.data(), n);
    activation.forward(forward.data(), slope.data(), n);
    activation.curvature(points.data(), curvature.data(), n);
    CHECK(forward == value);
    struct {
      double excess = 0;
      Real at = 0;
    } worst[3];
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Exact exact = ExactFunctions().at(activation.name)(static_cast<double>(points[i]));
      const double excess[3] = {Excess(value[i], exact.value),
                                Excess(slope[i], exact.slope, exact.slope_scale),
                                Excess(curvature[i], exact.curvature, exact.curvature_scale)};
      for (int k = 0; k < 3; ++k) {
        if (excess[k] > worst[k].excess) worst[k] = {excess[k], points[i]};
      }
    }
    CAPTURE(activation.name, worst[0].at, worst[1].at, worst[2].at);
    CHECK(worst[0].excess <= 1);
    CHECK(worst[1].excess <= 1);
    CHECK(worst[2].excess <= 1);
  }
}

TEST_CASE("activation: the derivatives at infinity are the limits", "[nn]") {
  constexpr double kInfinity = INFINITY;
  struct Limit {
    double low, low_slope, high, high_slope;
  };
  const std::map<std::string, Limit> limits = {
      {"identity", {-kInfinity, 1, kInfinity, 1}},
      {"tanh", {-1, 0, 1, 0}},
      {"sigmoid", {0, 0, 1, 0}},
      {"relu", {0, 0, kInfinity, 1}},
      {"leaky_relu", {-kInfinity, 0.01, kInfinity, 1}},
      {"elu", {-1, 0, kInfinity, 1}},
      {"softplus", {0, 0, kInfinity, 1}},
      {"silu", {0, 0, kInfinity, 1}},
      {"square", {kInfinity, -kInfinity, kInfinity, kInfinity}},
  };
  REQUIRE(limits.size() + 1 == Activations().size());  // sin has none
  for (const auto& [name, limit] : limits) {
    CAPTURE(name);
    const Activation& activation = FindActivation(name);
    const Real points[2] = {-INFINITY, INFINITY};
    Real value[2] = {points[0], points[1]}, slope[2], curvature[2];
    activation.forward(value, slope, 2);
    activation.curvature(points, curvature, 2);
    const double limit_curvature = name == "square" ? 2 : 0;
    CHECK(Excess(value[0], limit.low) <= 1);
    CHECK(Excess(slope[0], limit.low_slope) <= 1);
    CHECK(Excess(value[1], limit.high) <= 1);
    CHECK(Excess(slope[1], limit.high_slope) <= 1);
    CHECK(Excess(curvature[0], limit_curvature) <= 1);
    CHECK(Excess(curvature[1], limit_curvature) <= 1);
  }
}

TEST_CASE("activation: the value at NaN is NaN", "[nn]") {
  for (const Activation& activation : Activations()) {
    CAPTURE(activation.name);
    Real value = std::numeric_limits<Real>::quiet_NaN(), forward = value, slope = 0;
    activation.evaluate(&value, 1);
    activation.forward(&forward, &slope, 1);
    CHECK(std::isnan(value));
    CHECK(std::isnan(forward));
    if (activation.is_smooth && !activation.is_identity) CHECK(std::isnan(slope));
  }
}

TEST_CASE("elementary: exp and the slope of tanh are accurate over the whole range", "[nn]") {
  for (const Real x : Points()) {
    const auto exact = static_cast<double>(x);
    CAPTURE(x);
    REQUIRE(Excess(elementary::TanhSlope(x), 1 / std::pow(std::cosh(exact), 2)) <= 1);
    if (x <= Real(88.3)) {
      REQUIRE(Excess(elementary::Exp(x), std::exp(exact)) <= 1);
    } else {
      REQUIRE(elementary::Exp(x) == std::numeric_limits<Real>::infinity());
    }
  }
}

TEST_CASE("activation: saturated layers keep the relative accuracy of their slopes", "[nn]") {
  // One input x = 1 with weight 12 in front of a tanh, all other parameters 0. The gates are then
  // 1/2 and the derivative of the last output in x is a multiple of tanh'(12).
  struct Case {
    LayerSpec layer;
    Index weight;
    double factor;
  };
  const std::vector<Case> cases = {
      {{.kind = "linear", .input_size = 1, .output_size = 1, .activation = "tanh"}, 0, 12},
      {{.kind = "gru", .input_size = 2, .output_size = 1}, 2, 6},
      {{.kind = "lstm", .input_size = 3, .output_size = 2}, 2, 6},
  };
  for (const auto& [layer, weight, factor] : cases) {
    CAPTURE(layer.kind);
    Network network = MakeNetwork({layer.input_size, {layer}});
    network.parameters().setZero();
    network.parameters()[weight] = 12;
    const Matrix x = Vector::Unit(layer.input_size, 0);
    const Matrix cotangent = Vector::Unit(layer.output_size, layer.output_size - 1);
    const ConstMatrixRef x_dot = x;
    Matrix dx(1, 1);
    MatrixRef dx_ref = dx;
    Tape tape = network.MakeTape(1, {.tangent = true});
    network.Forward(x, tape);
    const double exact = factor / std::pow(std::cosh(12.0), 2);
    network.Vjp(tape, cotangent, nullptr, &dx_ref);
    CHECK(Excess(dx(0, 0), exact) <= 1);
    const Matrix& y_dot = network.Jvp(tape, &x_dot, nullptr);
    CHECK(Excess(y_dot(layer.output_size - 1, 0), exact) <= 1);
  }
}

TEST_CASE("activation: an unknown name lists the known ones", "[nn]") {
  REQUIRE_THROWS_WITH(FindActivation("swish"), nabla::test::ContainsText("silu"));
}
