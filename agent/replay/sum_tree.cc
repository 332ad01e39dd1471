#include "agent/replay/sum_tree.h"

namespace nabla::agent {

SumTree::SumTree(Index size) : size_(size) {
  while (leaves_ < size) leaves_ *= 2;
  nodes_ = Eigen::VectorXd::Zero(2 * leaves_);
}

void SumTree::Set(Index i, double weight) {
  Index node = leaves_ + i;
  nodes_[node] = weight;
  for (node /= 2; node > 0; node /= 2) nodes_[node] = nodes_[2 * node] + nodes_[2 * node + 1];
}

Index SumTree::Find(double u) const {
  Index node = 1;
  while (node < leaves_) {
    const double left = nodes_[2 * node];
    node *= 2;
    // If the right sum is 0, u is beyond the left sum only by rounding.
    if (u < left || nodes_[node + 1] == 0) continue;
    u -= left;
    ++node;
  }
  return node - leaves_;
}

void SumTree::Rebuild() {
  for (Index node = leaves_ - 1; node > 0; --node) {
    nodes_[node] = nodes_[2 * node] + nodes_[2 * node + 1];
  }
}

}  // namespace nabla::agent
