// OptimizerConfig: how gradients become parameter steps, for every network of an algorithm.
//
// Adam (nn/optimizers/adam.h) with the learning rate α(p) = α · factor(p), p the fraction of
// training done:
//
//   constant   factor = 1
//   linear     factor = 1 − (1 − f) p
//   cosine     factor = f + (1 − f) (1 + cos πp) / 2           (Loshchilov & Hutter 2017, eq. 5)
//
// with f = final_rate; and, where max_gradient_norm is not 0, the gradient g of each network
// scaled to g · min(1, max_gradient_norm / ‖g‖) first (Pascanu et al. 2013).
#pragma once

#include <string>

#include "nn/optimizers/adam.h"

namespace nabla::agent {

struct OptimizerConfig {
  std::string schedule = "constant";
  double final_rate = 0;
  double max_gradient_norm = 0;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("schedule", schedule, "Learning rates over the fraction of training done")
        .OneOf({"constant", "linear", "cosine"});
    ar("final_rate", final_rate, "Where linear and cosine end, as a fraction of the learning rate")
        .Between(0, 1);
    ar("max_gradient_norm", max_gradient_norm,
       "Longer gradients of a network are scaled to this norm; 0: never")
        .AtLeast(0);
    ar("beta1", beta1, "Adam's decay of the first moment").Between(0, 0.999999);
    ar("beta2", beta2, "Adam's decay of the second moment").Between(0, 0.999999);
    ar("epsilon", epsilon, "Adam's summand to the root of the second moment").Above(0);
  }

  nn::AdamOptions Adam(double learning_rate) const {
    return {.learning_rate = learning_rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon};
  }
  // factor(progress)
  double RateFactor(double progress) const;
};

}  // namespace nabla::agent
