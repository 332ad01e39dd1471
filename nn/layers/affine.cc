#include "nn/layers/affine.h"

#include <algorithm>

#include "nn/kernels/gemm.h"
#include "nn/layers/jacobian.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

void AddRowSums(const ConstMatrixRef& delta, Real* sums) {
  Eigen::Map<Vector> bias(sums, delta.rows());
  for (Index sample = 0; sample < delta.cols(); ++sample) bias += delta.col(sample);
}

}  // namespace

Index Affine::ScratchSize(const TapeShape& shape) const {
  const Index transpose = output * input;
  if (!shape.jacobian) return transpose;
  return std::max({transpose, JacobianScratchSize(output, shape.batch, shape.cotangents),
                   GramScratchSize(output, input, shape.batch, shape.cotangents)});
}

void Affine::Evaluate(const Real* theta, const ConstMatrixRef& x, MatrixRef v) const {
  MultiplyAdd(Weight(theta), x, Bias(theta), v);
}

void Affine::Reverse(const Real* theta, const ConstMatrixRef& x, const ConstMatrixRef& delta,
                     const ParameterSink& sink, Real* scratch, MatrixRef* dx,
                     Index first_input) const {
  if (sink.sum != nullptr) {
    AddMultiplyTranspose(delta, x, Eigen::Map<Matrix>(sink.sum, output, input));
    AddRowSums(delta, sink.sum + output * input);
  }
  if (sink.jacobian != nullptr) WriteAffineJacobian(delta, x, scratch, sink.jacobian);
  if (sink.gram != nullptr) AddAffineGram(delta, &x, scratch, *sink.gram);
  if (dx != nullptr) {
    TransposeMultiply(Weight(theta).middleCols(first_input, dx->rows()), delta, scratch, *dx);
  }
}

void Affine::Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                 const ConstMatrixRef* x_dot, MatrixRef v_dot) const {
  if (theta_dot != nullptr) {
    MultiplyAdd(Weight(theta_dot), x, Bias(theta_dot), v_dot);
    if (x_dot != nullptr) AddMultiply(Weight(theta), *x_dot, v_dot);
  } else if (x_dot != nullptr) {
    MultiplyAdd(Weight(theta), *x_dot, nullptr, v_dot);
  } else {
    v_dot.setZero();
  }
}

void Affine::ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                            const ConstMatrixRef* x_dot, const ConstMatrixRef& delta,
                            const ConstMatrixRef& delta_dot, Real* dtheta_dot, Real* scratch,
                            MatrixRef* dx, MatrixRef* dx_dot) const {
  if (dtheta_dot != nullptr) {
    Eigen::Map<Matrix> weight_dot(dtheta_dot, output, input);
    AddMultiplyTranspose(delta_dot, x, weight_dot);
    if (x_dot != nullptr) AddMultiplyTranspose(delta, *x_dot, weight_dot);
    AddRowSums(delta_dot, dtheta_dot + output * input);
  }
  if (dx_dot == nullptr) return;
  if (theta_dot != nullptr) {  // dx serves as the place of W_dotᵀ δ first
    TransposeMultiply(Weight(theta), delta_dot, scratch, *dx_dot);
    TransposeMultiply(Weight(theta_dot), delta, scratch, *dx);
    *dx_dot += *dx;
  } else {
    TransposeMultiply(Weight(theta), delta_dot, scratch, *dx_dot);
  }
  TransposeMultiply(Weight(theta), delta, scratch, *dx);
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
