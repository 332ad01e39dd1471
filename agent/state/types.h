// The number types of the agent: those of its networks.
#pragma once

#include "nn/kernels/real.h"

namespace nabla::agent {

using nn::ConstMatrixRef;
using nn::Index;
using nn::Matrix;
using nn::MatrixRef;
using nn::Real;
using nn::Vector;

}  // namespace nabla::agent
