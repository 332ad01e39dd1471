// The number type of the networks, and the matrix types.
//
// Networks compute in float. The same sources are also built with NABLA_REAL_DOUBLE, for tests of
// the derivatives. The two builds have different inline namespaces, so one program can link both
// (`nabla inspect --check` does).
#pragma once

#include <Eigen/Core>

#ifdef NABLA_REAL_DOUBLE
#define NABLA_REAL_NAMESPACE f64
#else
#define NABLA_REAL_NAMESPACE f32
#endif

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

#ifdef NABLA_REAL_DOUBLE
using Real = double;
#else
using Real = float;
#endif

using Index = Eigen::Index;
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

// The column stride is free: a block of rows of a larger matrix binds without a copy.
using MatrixRef = Eigen::Ref<Matrix>;
using ConstMatrixRef = Eigen::Ref<const Matrix>;
using VectorRef = Eigen::Ref<Vector>;
using ConstVectorRef = Eigen::Ref<const Vector>;

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
