// SumTree: n weights p_i ≥ 0. Changing a weight and drawing an index with probability p_i / Σ p
// each take O(log n) (Schaul et al. 2016, appendix B.2.1).
//
// It is a binary tree over the weights. An inner node holds the sum of its two children and is
// recomputed from them at each change, so the tree depends only on the weights, not on their
// history.
#pragma once

#include "agent/state/types.h"

namespace nabla::agent {

class SumTree {
 public:
  explicit SumTree(Index size);

  Index size() const { return size_; }
  double Total() const { return nodes_[1]; }
  double operator[](Index i) const { return nodes_[leaves_ + i]; }

  void Set(Index i, double weight);

  // The i with Σ_{j<i} p_j ≤ u < Σ_{j≤i} p_j for u in [0, Total()). Rounding never gives p_i = 0.
  Index Find(double u) const;

  // The weights [size]. Call Rebuild after writing them, which recomputes the sums.
  auto Weights() { return nodes_.segment(leaves_, size_); }
  void Rebuild();

 private:
  Index size_;
  Index leaves_ = 1;       // the first leaf: size rounded up to a power of 2
  Eigen::VectorXd nodes_;  // children of node k: 2k and 2k + 1; the root is node 1
};

}  // namespace nabla::agent
