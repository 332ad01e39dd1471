#include "nn/layers/sequence.h"

#include <stdexcept>

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

// The input of layer k. A copy of a Ref refers to the same numbers.
ConstMatrixRef InputOf(std::size_t k, const ConstMatrixRef& x,
                       const std::vector<LayerTape>& tapes) {
  if (k == 0) return x;
  return tapes[k - 1].output;
}

}  // namespace

Sequence::Sequence(Index input_size, LayerList layers)
    : input_size_(input_size), layers_(std::move(layers)) {
  if (layers_.empty()) throw std::invalid_argument("a network needs at least one layer");
  Index size = input_size_;
  for (const auto& layer : layers_) {
    if (layer->input_size() != size) {
      throw std::invalid_argument(
          "layer " + std::to_string(offsets_.size()) + " " + layer->Description() + " takes " +
          std::to_string(layer->input_size()) + " inputs, but gets " + std::to_string(size));
    }
    size = layer->output_size();
    offsets_.push_back(parameter_count_);
    parameter_count_ += layer->parameter_count();
  }
}

Sequence::Sequence(LayerList layers)
    : Sequence(layers.empty() ? 0 : layers.front()->input_size(), layers) {}

std::vector<LayerSpec> Sequence::Specs() const {
  std::vector<LayerSpec> specs;
  for (const auto& layer : layers_) specs.push_back(layer->Spec());
  return specs;
}

std::vector<ParameterBlock> Sequence::Parameters() const {
  std::vector<ParameterBlock> blocks;
  for (std::size_t k = 0; k < size(); ++k) {
    for (ParameterBlock block : layers_[k]->Parameters()) {
      block.name = std::to_string(k) + "." + block.name;
      block.offset += offsets_[k];
      blocks.push_back(block);
    }
  }
  return blocks;
}

void Sequence::Initialize(const UniformSource& uniform, Real* theta) const {
  for (std::size_t k = 0; k < size(); ++k) layers_[k]->Initialize(uniform, theta + offsets_[k]);
}

void Sequence::Prepare(const TapeShape& shape, std::vector<LayerTape>& tapes) const {
  tapes.resize(size());
  for (std::size_t k = 0; k < size(); ++k) {
    const Index rows = layers_[k]->output_size();
    tapes[k].output.resize(rows, shape.batch);
    tapes[k].cotangent.resize(rows, shape.batch * shape.cotangents);
    if (shape.tangent) tapes[k].tangent.resize(rows, shape.batch);
    if (shape.second_order) tapes[k].cotangent_dot.resize(rows, shape.batch);
    layers_[k]->Prepare(shape, tapes[k]);
  }
}

void Sequence::Forward(const Real* theta, const ConstMatrixRef& x, bool keep,
                       std::vector<LayerTape>& tapes) const {
  for (std::size_t k = 0; k < size(); ++k) {
    layers_[k]->Forward(theta + offsets_[k], InputOf(k, x, tapes), keep, tapes[k], tapes[k].output);
  }
}

void Sequence::Reverse(const Real* theta, const ConstMatrixRef& x, std::vector<LayerTape>& tapes,
                       Index g, const ParameterSink& sink, MatrixRef* dx, Index first_input) const {
  const Index columns = x.cols() * g;
  for (std::size_t k = size(); k-- > 0;) {
    const MatrixRef dy = tapes[k].cotangent.leftCols(columns);
    const ParameterSink layer_sink = sink.At(offsets_[k]);
    if (k > 0) {
      MatrixRef below = tapes[k - 1].cotangent.leftCols(columns);
      layers_[k]->Reverse(theta + offsets_[k], tapes[k - 1].output, tapes[k], dy, layer_sink,
                          &below, 0);
    } else if (dx != nullptr || sink.wanted()) {
      layers_[k]->Reverse(theta, x, tapes[k], dy, layer_sink, dx, first_input);
    }
  }
}

void Sequence::Jvp(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                   const ConstMatrixRef* x_dot, std::vector<LayerTape>& tapes) const {
  for (std::size_t k = 0; k < size(); ++k) {
    const Real* direction = theta_dot == nullptr ? nullptr : theta_dot + offsets_[k];
    if (k == 0) {
      layers_[k]->Jvp(theta, direction, x, x_dot, tapes[k], tapes[k].tangent);
    } else {
      const ConstMatrixRef below = tapes[k - 1].tangent;
      layers_[k]->Jvp(theta + offsets_[k], direction, tapes[k - 1].output, &below, tapes[k],
                      tapes[k].tangent);
    }
  }
}

void Sequence::ReverseTangent(const Real* theta, const Real* theta_dot, const ConstMatrixRef& x,
                              const ConstMatrixRef* x_dot, std::vector<LayerTape>& tapes,
                              Real* dtheta_dot, MatrixRef* dx, MatrixRef* dx_dot) const {
  for (std::size_t k = size(); k-- > 0;) {
    const Real* direction = theta_dot == nullptr ? nullptr : theta_dot + offsets_[k];
    Real* gradient = dtheta_dot == nullptr ? nullptr : dtheta_dot + offsets_[k];
    if (k > 0) {
      const ConstMatrixRef below_tangent = tapes[k - 1].tangent;
      MatrixRef below = tapes[k - 1].cotangent.leftCols(x.cols());
      MatrixRef below_dot = tapes[k - 1].cotangent_dot;
      layers_[k]->ReverseTangent(theta + offsets_[k], direction, tapes[k - 1].output,
                                 &below_tangent, tapes[k], tapes[k].cotangent.leftCols(x.cols()),
                                 tapes[k].cotangent_dot, gradient, &below, &below_dot);
    } else {
      layers_[k]->ReverseTangent(theta, direction, x, x_dot, tapes[k],
                                 tapes[k].cotangent.leftCols(x.cols()), tapes[k].cotangent_dot,
                                 gradient, dx, dx_dot);
    }
  }
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
