#include "nn/kernels/activation.h"

#include <stdexcept>

#include "nn/kernels/elementary.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

using elementary::Fill;
using elementary::Lanes;

// Value, slope and curvature of one activation at v.
struct Jet {
  Lanes value;
  Lanes slope;
  Lanes curvature;
};

// Each returns f, f', f'' at v; a kernel that does not use a part does not compute it.
struct Identity {
  static Jet At(Lanes v) { return {v, Fill(1), Fill(0)}; }
};
struct TanhUnit {
  static Jet At(Lanes v) {
    const Lanes y = elementary::Tanh(v);
    const Lanes slope = 1 - y * y;
    return {y, slope, -2 * y * slope};
  }
};
struct SigmoidUnit {
  static Jet At(Lanes v) {
    const Lanes s = elementary::Sigmoid(v);
    const Lanes slope = s * (1 - s);
    return {s, slope, slope * (1 - 2 * s)};
  }
};
struct Relu {
  static Jet At(Lanes v) {
    return {v < 0 ? Fill(0) : v, v > 0 ? Fill(1) : Fill(0), Fill(0)};  // NaN stays NaN
  }
};
struct LeakyRelu {
  static constexpr Real kLeak = Real(0.01);
  static Jet At(Lanes v) { return {v > 0 ? v : kLeak * v, v > 0 ? Fill(1) : Fill(kLeak), Fill(0)}; }
};
struct Elu {
  static Jet At(Lanes v) {
    const Lanes e = elementary::Expm1(v > 0 ? Fill(0) : v);
    return {v > 0 ? v : e, v > 0 ? Fill(1) : e + 1, v > 0 ? Fill(0) : e + 1};
  }
};
struct Softplus {  // log(1 + e^v) = max(v, 0) + log(1 + e^−|v|)
  static Jet At(Lanes v) {
    const Lanes s = elementary::Sigmoid(v);
    const Lanes positive = v < 0 ? Fill(0) : v;
    const Lanes tail = elementary::Log1p(elementary::Exp(-elementary::Absolute(v)));
    return {positive + tail, s, s * (1 - s)};
  }
};
struct Silu {  // v σ(v)
  static Jet At(Lanes v) {
    const Lanes s = elementary::Sigmoid(v);
    const Lanes y = v * s;
    return {y, s + y * (1 - s), s * (1 - s) * (2 + v * (1 - 2 * s))};
  }
};
struct Sine {
  static Jet At(Lanes v) {
    const Lanes y = elementary::Sin(v);
    return {y, elementary::Cos(v), -y};
  }
};
struct Square {  // a hidden layer of them is a quadratic form: the critic of a linear quadratic
                 // problem
  static Jet At(Lanes v) { return {v * v, 2 * v, Fill(2)}; }
};

template <class F>
void EvaluateKernel(Real* v, Index n) {
  for (Index i = 0; i < n; i += elementary::kWidth) {
    elementary::Store(v + i, F::At(elementary::Load(v + i, n - i)).value, n - i);
  }
}

template <class F>
void ForwardKernel(Real* v, Real* slope, Index n) {
  for (Index i = 0; i < n; i += elementary::kWidth) {
    const Jet jet = F::At(elementary::Load(v + i, n - i));
    elementary::Store(v + i, jet.value, n - i);
    elementary::Store(slope + i, jet.slope, n - i);
  }
}

template <class F>
void CurvatureKernel(const Real* v, Real* curvature, Index n) {
  for (Index i = 0; i < n; i += elementary::kWidth) {
    elementary::Store(curvature + i, F::At(elementary::Load(v + i, n - i)).curvature, n - i);
  }
}

template <class F>
Activation Make(const char* name, const char* formula, bool is_smooth) {
  return {.name = name,
          .formula = formula,
          .is_identity = std::is_same_v<F, Identity>,
          .is_smooth = is_smooth,
          .evaluate = EvaluateKernel<F>,
          .forward = ForwardKernel<F>,
          .curvature = CurvatureKernel<F>};
}

}  // namespace

const std::vector<Activation>& Activations() {
  static const std::vector<Activation> table = {
      Make<Identity>("identity", "v", true),
      Make<TanhUnit>("tanh", "tanh v", true),
      Make<SigmoidUnit>("sigmoid", "1 / (1 + exp(-v))", true),
      Make<Relu>("relu", "max(v, 0)", false),
      Make<LeakyRelu>("leaky_relu", "v for v > 0, else 0.01 v", false),
      Make<Elu>("elu", "v for v > 0, else exp(v) - 1", false),
      Make<Softplus>("softplus", "log(1 + exp(v))", true),
      Make<Silu>("silu", "v / (1 + exp(-v))", true),
      Make<Sine>("sin", "sin v", true),
      Make<Square>("square", "v * v", true),
  };
  return table;
}

const Activation& FindActivation(std::string_view name) {
  std::string known;
  for (const Activation& activation : Activations()) {
    if (activation.name == name) return activation;
    known += (known.empty() ? "" : ", ") + activation.name;
  }
  throw std::invalid_argument("unknown activation '" + std::string(name) + "'; known: " + known);
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
