// Layer: one stage y = f(x; θ) of a network, and the verbs of its derivatives.
//
// A layer owns no numbers: its parameters θ are a slice of the network's flat vector, what a pass
// keeps for the derivatives lies in a LayerTape. A batch is a matrix, one sample a column:
// x [input_size, B], y [output_size, B]. A name with _dot is the derivative of the quantity along
// a direction (ẋ, θ̇) (forward mode).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "nn/kernels/real.h"
#include "nn/layers/layer_spec.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

// A source of uniform numbers in [0, 1): randomness is an argument.
using UniformSource = std::function<double()>;

// What a tape has room for.
struct TapeShape {
  Index batch = 0;
  Index cotangents = 1;       // the most cotangents a sample that one reverse pass carries
  bool jacobian = false;      // scratch for ParameterSink::jacobian and gram
  bool tangent = false;       // Jvp
  bool second_order = false;  // ReverseTangent; implies tangent
};

// What the passes keep of one layer. B the batch, g the cotangents a sample.
struct LayerTape {
  Matrix output;         // y [output_size, B]
  Matrix tangent;        // ẏ [output_size, B]
  Matrix cotangent;      // ∂E/∂y [output_size, B·g], column b·g + o
  Matrix cotangent_dot;  // its tangent, for second derivatives [output_size, B]

  Matrix cache;      // what Forward keeps for the derivatives [cache rows of the layer, B]
  Matrix cache_dot;  // its tangent, kept by Jvp for ReverseTangent
  Matrix curvature;  // f''(v) of an elementwise layer, for cache_dot
  Matrix work;       // cotangents inside the layer
  Matrix work_dot;
  Vector scratch;

  std::vector<LayerTape> inner;  // of a composite's layers
};

// Where a reverse pass leaves the derivatives in θ. Row r = b·g + o of J is ∂(c_rᵀ y_b)/∂θ for the
// r-th cotangent column. Any part may be null.
struct ParameterSink {
  Real* sum = nullptr;       // += Σ_r J[r, :]      [P]; for one cotangent a sample
  Real* jacobian = nullptr;  // = J                 [B·g, P], column-major, columns not spaced
  Index rows = 0;            // B·g, of jacobian
  Matrix* gram = nullptr;    // += J Jᵀ             [B·g, B·g], its upper triangle

  bool wanted() const { return sum != nullptr || jacobian != nullptr || gram != nullptr; }
  // The sink of the parameters from `offset` on.
  ParameterSink At(Index offset) const {
    return {sum == nullptr ? nullptr : sum + offset,
            jacobian == nullptr ? nullptr : jacobian + offset * rows, rows, gram};
  }
};

// A block of parameters with the shape and name it has in a file.
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
  virtual std::vector<ParameterBlock> Parameters() const = 0;
  Index parameter_count() const;

  virtual void Initialize(const UniformSource& uniform, Real* theta) const = 0;

  // Sizes what this layer uses of a tape beside output, tangent, cotangent and cotangent_dot.
  virtual void Prepare(const TapeShape& shape, LayerTape& tape) const = 0;

  // y = f(x). Evaluate keeps nothing; Forward fills the tape for the verbs below, which all want
  // Forward's x again. y does not overlap x and its columns are not spaced.
  virtual void Evaluate(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                        MatrixRef y) const = 0;
  virtual void Forward(const Real* theta, const ConstMatrixRef& x, LayerTape& tape,
                       MatrixRef y) const = 0;

  // Reverse mode, for cotangents dy = ∂E/∂y [output_size, B·g], g ≥ 1 columns a sample:
  //   sink      the derivatives in θ
  //   dx      = rows first_input … first_input + dx.rows() − 1 of ∂E/∂x [·, B·g]; skipped where
  //   null
  // dy is used as scratch: a linear layer leaves its local gradient ∂E/∂v there.
  virtual void Reverse(const Real* theta, const ConstMatrixRef& x, LayerTape& tape, MatrixRef dy,
                       const ParameterSink& sink, MatrixRef* dx, Index first_input) const = 0;

  // Forward mode: y_dot = (∂f/∂x) x_dot + (∂f/∂θ) theta_dot; a null direction is zero.
  virtual void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                   const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef y_dot) const = 0;

  // Forward over reverse: the derivative of Reverse along (x_dot, theta_dot), after Jvp with the
  // same direction. dy_dot is the tangent of dy; one cotangent a sample; both are scratch.
  //   dtheta_dot += d/dε ∂E/∂θ        skipped where null
  //   dx = ∂E/∂x,  dx_dot = d/dε ∂E/∂x   both skipped where dx_dot is null
  virtual void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                              const ConstMatrixRef* x_dot, LayerTape& tape, MatrixRef dy,
                              MatrixRef dy_dot, Real* dtheta_dot, MatrixRef* dx,
                              MatrixRef* dx_dot) const = 0;

 private:
  Index input_size_;
  Index output_size_;
};

// dy.col(b·g + o) ∘= factor.col(b), for g = dy.cols() / factor.cols() columns a sample.
void ScaleSamples(const ConstMatrixRef& factor, MatrixRef dy);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
