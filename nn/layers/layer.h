// Layer: one stage y = f(x; θ) of a network, with all its derivatives.
//
// A layer holds no numbers. Its parameters θ are a slice of the network's flat vector, and a
// LayerTape holds what a pass keeps for the derivatives. A batch is a matrix with one sample per
// column: x [input_size, B], y [output_size, B]. A name that ends in _dot is the derivative along
// a direction (x_dot, theta_dot) (forward mode).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nn/kernels/real.h"
#include "nn/layers/layer_spec.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// A source of uniform numbers in [0, 1).
using UniformSource = std::function<double()>;

// The memory that a tape provides.
struct TapeShape {
  Index batch = 0;
  Index cotangents = 1;       // the largest number of cotangents per sample in one reverse pass
  bool jacobian = false;      // scratch for ParameterSink::jacobian and gram
  bool tangent = false;       // Jvp
  bool second_order = false;  // ReverseTangent; implies tangent
};

// What the passes keep of one layer, for B samples and g cotangents per sample.
struct LayerTape {
  Matrix output;         // y [output_size, B]
  Matrix tangent;        // y_dot [output_size, B]
  Matrix cotangent;      // ∂E/∂y [output_size, B·g], column b·g + o
  Matrix cotangent_dot;  // tangent of the cotangent, for second derivatives [output_size, B]

  Matrix cache;      // what Forward keeps for the derivatives [cache rows of the layer, B]
  Matrix cache_dot;  // its tangent, which Jvp keeps for ReverseTangent
  Matrix curvature;  // f''(v) of an elementwise layer, for cache_dot
  Matrix work;       // cotangents inside the layer
  Matrix work_dot;
  Vector scratch;

  std::vector<LayerTape> inner;  // of the layers inside a composite layer
};

// Where a reverse pass writes the derivatives in θ. Row r = b·g + o of J is ∂(c_rᵀ y_b)/∂θ for
// cotangent column c_r. Each pointer may be null.
struct ParameterSink {
  Real* sum = nullptr;       // += Σ_r J[r, :]      [P]; for one cotangent per sample
  Real* jacobian = nullptr;  // = J                 [B·g, P], contiguous, column-major
  Index rows = 0;            // B·g, of jacobian
  Matrix* gram = nullptr;    // += J Jᵀ             [B·g, B·g], upper triangle only

  bool wanted() const { return sum != nullptr || jacobian != nullptr || gram != nullptr; }
  // The sink of the parameters that start at `offset`.
  ParameterSink At(Index offset) const {
    return {sum == nullptr ? nullptr : sum + offset,
            jacobian == nullptr ? nullptr : jacobian + offset * rows, rows, gram};
  }
};

// A block of parameters with the shape and name that it has in a file.
struct ParameterBlock {
  std::string name;  // "weight", "bias"
  Index offset = 0;  // into the layer's slice of θ; column-major
  Index rows = 0;
  Index cols = 0;
};

class Layer {
 public:
  Layer(Index input_size, Index output_size) : input_size_(input_size), output_size_(output_size) {}
  virtual ~Layer() = default;

  Index input_size() const { return input_size_; }
  Index output_size() const { return output_size_; }

  virtual LayerSpec Spec() const = 0;
  std::string Description() const { return Spec().Text(); }
  virtual std::vector<ParameterBlock> Parameters() const { return {}; }
  Index parameter_count() const;

  // Sets θ. A layer without parameters does nothing.
  virtual void Initialize(const UniformSource&, Real*) const {}

  // Sizes the members of the tape that this layer uses, apart from output, tangent, cotangent and
  // cotangent_dot.
  virtual void Prepare(const TapeShape&, LayerTape&) const {}

  // y = f(x). With `keep`, the tape afterwards holds what the functions below need; they take the
  // same x. y does not overlap x and is contiguous.
  virtual void Forward(const Real* theta, const ConstMatrixRef& x, bool keep, LayerTape& tape,
                       MatrixRef y) const = 0;

  // Reverse mode for cotangents dy = ∂E/∂y [output_size, B·g] with g ≥ 1 columns per sample:
  //   sink    receives the derivatives in θ
  //   dx      = rows first_input … first_input + dx.rows() − 1 of ∂E/∂x [·, B·g]; may be null
  // dy is scratch: a linear layer leaves its local gradient ∂E/∂v there.
  virtual void Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
                       const ParameterSink& sink, MatrixRef* dx, Index first_input) const = 0;

  // Forward mode: y_dot = (∂f/∂x) x_dot + (∂f/∂θ) theta_dot. A null direction is zero.
  virtual void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                   const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const = 0;

  // Forward over reverse: the derivative of Reverse along (x_dot, theta_dot), after Jvp with the
  // same direction. dy_dot is the tangent of dy, with one cotangent per sample; both are scratch.
  //   dtheta_dot += d/dε ∂E/∂θ             may be null
  //   dx = ∂E/∂x,  dx_dot = d/dε ∂E/∂x     both skipped if dx_dot is null
  virtual void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                              const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy,
                              MatrixRef dy_dot, Real* dtheta_dot, MatrixRef* dx,
                              MatrixRef* dx_dot) const = 0;

 private:
  Index input_size_;
  Index output_size_;
};

using LayerList = std::vector<std::shared_ptr<const Layer>>;  // immutable, so networks share layers

// dy.col(b·g + o) ∘= factor.col(b), for g = dy.cols() / factor.cols() columns per sample.
void ScaleSamples(const ConstMatrixRef& factor, MatrixRef dy);

// A block of rows that starts at row `first`.
struct RowBlock {
  Index first = 0;
  Index count = 0;
};

// The rows that are in `a` and in `b`. `first` counts from the start of the matrix of which a and
// b are blocks; an intersection without rows has count 0.
RowBlock Intersection(const RowBlock& a, const RowBlock& b);

// θ[i] = uniform in ±bound, for i < count.
void FillUniform(const UniformSource& uniform, double bound, Index count, Real* theta);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
