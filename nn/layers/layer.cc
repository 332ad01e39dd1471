#include "nn/layers/layer.h"

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

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
