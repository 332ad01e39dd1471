// Sequence: layers one after another, a(k) = f_k(a(k−1); θ_k), and the passes through them. A
// network is a sequence with its parameters; a residual block contains one.
//
// The functions are those of Layer, with one LayerTape per layer: outputs, tangents and cotangents
// are in the tapes. θ is the concatenation of the layers' parameters.
#pragma once

#include <vector>

#include "nn/layers/layer.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {

class Sequence {
 public:
  Sequence() = default;
  // Throws std::invalid_argument if there is no layer, or if the input size of a layer is not the
  // output size of the one before.
  Sequence(Index input_size, LayerList layers);
  explicit Sequence(LayerList layers);

  Index input_size() const { return input_size_; }
  Index output_size() const { return layers_.back()->output_size(); }
  Index parameter_count() const { return parameter_count_; }
  std::size_t size() const { return layers_.size(); }
  const Layer& layer(std::size_t k) const { return *layers_[k]; }
  Index offset(std::size_t k) const { return offsets_[k]; }  // of layer k's slice of θ

  std::vector<LayerSpec> Specs() const;
  std::vector<ParameterBlock> Parameters() const;  // of all layers, named "<layer>.<block>"

  void Initialize(const UniformSource& uniform, Real* theta) const;
  void Prepare(const TapeShape& shape, std::vector<LayerTape>& tapes) const;

  // The result is tapes.back().output.
  void Forward(const Real* theta, const ConstMatrixRef& x, bool keep,
               std::vector<LayerTape>& tapes) const;

  // Starts from tapes.back().cotangent, the first B·g columns of which the caller has set.
  void Reverse(const Real* theta, const ConstMatrixRef& x, std::vector<LayerTape>& tapes, Index g,
               const ParameterSink& sink, MatrixRef* dx, Index first_input) const;

  // The result is tapes.back().tangent.
  void Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
           const ConstMatrixRef* x_dot, std::vector<LayerTape>& tapes) const;

  // Starts from tapes.back().cotangent and cotangent_dot, after Jvp along the same direction.
  void ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                      const ConstMatrixRef* x_dot, std::vector<LayerTape>& tapes, Real* dtheta_dot,
                      MatrixRef* dx, MatrixRef* dx_dot) const;

 private:
  Index input_size_ = 0;
  Index parameter_count_ = 0;
  LayerList layers_;
  std::vector<Index> offsets_;
};

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
