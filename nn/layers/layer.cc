#include "nn/layers/layer.h"

#include <algorithm>

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

Index Layer::parameter_count() const {
  Index count = 0;
  for (const ParameterBlock& block : Parameters()) count += block.rows * block.cols;
  return count;
}

void ScaleSamples(const ConstMatrixRef& factor, MatrixRef dy) {
  if (factor.cols() == dy.cols()) {
    dy.array() *= factor.array();
    return;
  }
  const Index g = dy.cols() / factor.cols();
  for (Index b = 0; b < factor.cols(); ++b) {
    for (Index o = 0; o < g; ++o) dy.col(b * g + o).array() *= factor.col(b).array();
  }
}

RowBlock Intersection(const RowBlock& a, const RowBlock& b) {
  const Index first = std::max(a.first, b.first);
  const Index end = std::min(a.first + a.count, b.first + b.count);
  return {first, std::max<Index>(0, end - first)};
}

void FillUniform(const UniformSource& uniform, double bound, Index count, Real* theta) {
  for (Index i = 0; i < count; ++i) theta[i] = static_cast<Real>(bound * (2 * uniform() - 1));
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
