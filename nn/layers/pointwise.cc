#include "nn/layers/pointwise.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

void Pointwise::Prepare(Index size, const TapeShape& shape, LayerTape& tape) const {
  const Index rows = f.is_identity ? 0 : size;
  tape.cache.resize(rows, shape.batch);
  tape.curvature.resize(shape.second_order ? rows : 0, shape.batch);
  tape.cache_dot.resize(shape.second_order ? rows : 0, shape.batch);
}

void Pointwise::Forward(bool keep, LayerTape& tape, MatrixRef y) const {
  if (f.is_identity) return;
  if (!keep) {
    f.evaluate(y.data(), y.size());
    return;
  }
  if (tape.curvature.size() > 0) f.curvature(y.data(), tape.curvature.data(), y.size());
  f.forward(y.data(), tape.cache.data(), y.size());
}

void Pointwise::Reverse(const LayerTape& tape, MatrixRef dy) const {
  if (!f.is_identity) ScaleSamples(tape.cache, dy);
}

void Pointwise::Jvp(LayerTape& tape, MatrixRef v_dot) const {
  if (f.is_identity) return;
  if (tape.cache_dot.size() > 0) tape.cache_dot.array() = tape.curvature.array() * v_dot.array();
  v_dot.array() *= tape.cache.array();
}

void Pointwise::ReverseTangent(const LayerTape& tape, MatrixRef dy, MatrixRef dy_dot) const {
  if (f.is_identity) return;
  dy_dot.array() = dy_dot.array() * tape.cache.array() + dy.array() * tape.cache_dot.array();
  dy.array() *= tape.cache.array();
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
