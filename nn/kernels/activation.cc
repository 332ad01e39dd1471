#include "nn/kernels/activation.h"

#include <limits>
#include <stdexcept>
#include <type_traits>

#include "nn/kernels/elementary.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

using elementary::Fill;
using elementary::Register;

// Value, slope and curvature of one activation at v.
struct Jet {
  Register value;
  Register slope;
  Register curvature;
};

// Each returns f, f' and f'' at v. A kernel that does not use a part does not compute it.
struct Identity {
  static Jet At(Register v) { return {v, Fill(1), Fill(0)}; }
};
struct TanhUnit {
  static Jet At(Register v) {
    const elementary::TanhParts t(v);
    return {t.value, t.slope, -2 * t.value * t.slope};
  }
};
struct SigmoidUnit {
  static Jet At(Register v) {
    const elementary::SigmoidParts s(v);
    return {s.value, s.slope, -s.slope * s.half_tanh};
  }
};
struct Relu {
  static Jet At(Register v) {
    return {v < 0 ? Fill(0) : v, v > 0 ? Fill(1) : Fill(0), Fill(0)};  // NaN stays NaN
  }
};
struct LeakyRelu {
  static constexpr Real kLeak = Real(0.01);
  static Jet At(Register v) {
    return {v > 0 ? v : kLeak * v, v > 0 ? Fill(1) : Fill(kLeak), Fill(0)};
  }
};
struct Elu {
  static Jet At(Register v) {
    const elementary::Decay decay(v > 0 ? Fill(0) : -v);
    return {v > 0 ? v : -decay.complement, decay.exp, v > 0 ? Fill(0) : decay.exp};
  }
};
struct Softplus {  // log(1 + e^v) = max(v, 0) + log(1 + E),   E = e^−|v|
  static Jet At(Register v) {
    const Register e = elementary::Decay(elementary::Absolute(v)).exp;
    const Register q = elementary::Reciprocal(1 + e);
    return {(v < 0 ? Fill(0) : v) + elementary::Log1p(e), v < 0 ? e * q : q, e * q * q};
  }
};
struct Silu {  // f = v σ,   f' = σ + v σ',   f'' = σ' (2 − v tanh(v/2))
  static Jet At(Register v) {
    const elementary::SigmoidParts s(v);
    const Register above = v < s.x ? s.x : v;  // −infinity times σ would not be a number
    return {above * s.value, s.value + s.x * s.slope, s.slope * (2 - s.x * s.half_tanh)};
  }
};
struct Sine {
  static Jet At(Register v) {
    const Register y = elementary::Sin(v);
    return {y, elementary::Cos(v), -y};
  }
};
struct Square {  // a hidden layer of squares is a quadratic form, the Q function of LQR
  static Jet At(Register v) { return {v * v, 2 * v, Fill(2)}; }
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
