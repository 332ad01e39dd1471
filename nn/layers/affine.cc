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

std::vector<ParameterBlock> Affine::Parameters(const std::string& prefix) const {
  return {{prefix + "weight", offset, output, input},
          {prefix + "bias", offset + output * input, output, 1}};
}

Index Affine::ScratchSize(const TapeShape& shape) const {
  if (!shape.jacobian) return 0;
  return std::max(JacobianScratchSize(output, shape.batch, shape.cotangents),
                  GramScratchSize(output, input, shape.batch, shape.cotangents));
}

void Affine::Forward(const Real* theta, const ConstMatrixRef& x, MatrixRef v) const {
  MultiplyAdd(Weight(theta), Input(x), Bias(theta), v);
}

void Affine::Reverse(const Real* theta, const ConstMatrixRef& x, const ConstMatrixRef& delta,
                     const ParameterSink& sink, Real* scratch, MatrixRef* dx,
                     Index first_input) const {
  const ConstMatrixRef input_x = Input(x);
  const ParameterSink to = sink.At(offset);
  if (to.sum != nullptr) {
    AddMultiplyTranspose(delta, input_x, Eigen::Map<Matrix>(to.sum, output, input));
    AddRowSums(delta, to.sum + output * input);
  }
  if (to.jacobian != nullptr) WriteAffineJacobian(delta, input_x, scratch, to.jacobian);
  if (to.gram != nullptr) AddAffineGram(delta, &input_x, scratch, *to.gram);
  if (dx == nullptr) return;
  const RowBlock rows = Intersection({first_input, dx->rows()}, {first_row, input});
  if (rows.count == 0) return;
  TransposeMultiply(Weight(theta).middleCols(rows.first - first_row, rows.count), delta,
                    dx->middleRows(rows.first - first_input, rows.count));
}

void Affine::Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                 const ConstMatrixRef* x_dot, MatrixRef v_dot) const {
  if (theta_dot != nullptr) {
    MultiplyAdd(Weight(theta_dot), Input(x), Bias(theta_dot), v_dot);
    if (x_dot != nullptr) AddMultiply(Weight(theta), Input(*x_dot), v_dot);
  } else if (x_dot != nullptr) {
    MultiplyAdd(Weight(theta), Input(*x_dot), nullptr, v_dot);
  } else {
    v_dot.setZero();
  }
}

void Affine::ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                            const ConstMatrixRef* x_dot, const ConstMatrixRef& delta,
                            const ConstMatrixRef& delta_dot, Real* dtheta_dot, MatrixRef* dx,
                            MatrixRef* dx_dot) const {
  if (dtheta_dot != nullptr) {
    Eigen::Map<Matrix> weight_dot(dtheta_dot + offset, output, input);
    AddMultiplyTranspose(delta_dot, Input(x), weight_dot);
    if (x_dot != nullptr) AddMultiplyTranspose(delta, Input(*x_dot), weight_dot);
    AddRowSums(delta_dot, dtheta_dot + offset + output * input);
  }
  if (dx_dot == nullptr) return;
  MatrixRef to = dx->middleRows(first_row, input), to_dot = dx_dot->middleRows(first_row, input);
  TransposeMultiply(Weight(theta), delta_dot, to_dot);
  if (theta_dot != nullptr) {  // `to` first holds W_dotᵀ δ
    TransposeMultiply(Weight(theta_dot), delta, to);
    to_dot += to;
  }
  TransposeMultiply(Weight(theta), delta, to);
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
