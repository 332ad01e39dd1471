#include "nn/layers/shape.h"

#include <sstream>
#include <stdexcept>

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

std::string ShapeText(const Shape& shape) {
  std::ostringstream text;
  text << "[" << shape.rows << ", " << shape.cols << "]";
  return text.str();
}

void RequireShape(bool condition, const char* what, std::size_t k, const Layer& layer,
                  const Shape& expected, const Shape& got) {
  if (condition) return;
  std::ostringstream text;
  text << what << " of layer " << k << " " << layer.Description() << ": expected shape "
       << ShapeText(expected) << ", got " << ShapeText(got);
  throw std::invalid_argument(text.str());
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
