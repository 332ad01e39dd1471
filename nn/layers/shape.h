// Shape errors: one line that names the matrix, the layer and both shapes.
#pragma once

#include <string>

#include "nn/layers/layer.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

struct Shape {
  Index rows;
  Index cols;
};

std::string ShapeText(const Shape& shape);  // "[3, 5]"

// Throws std::invalid_argument
// "input of layer 0 linear(3 -> 4, silu): expected shape [3, 5], got [4, 5]"
void RequireShape(bool condition, const char* what, std::size_t k, const Layer& layer,
                  const Shape& expected, const Shape& got);

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
