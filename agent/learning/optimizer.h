// Optimizer: how the derivative of a loss in a network's outputs becomes a step of its parameters.
//
// For a loss L(y), y = network(x) [m, B] and J the weight Jacobian of y, an optimiser is given
//
//   c = ∂L/∂y               [m, B]   the cotangent
//   h = diag ∂²L/∂y²        [m, B]   where it asks for it: h = 2 w/B of w/B (q − y)², for instance
//
// and makes of them what it needs: a first-order method Jᵀc, Gauss–Newton Jᵀ diag(h) J as well. It
// says in Needs() what the tape must have room for. Algorithms know this interface alone.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "agent/state/state_archive.h"
#include "agent/state/types.h"
#include "nn/network/network.h"
#include "nn/optimizers/adam.h"

namespace nabla::agent {

// The learning rate over the fraction p of training done, α(p) = α · factor(p), f = final_rate:
//   constant   1
//   linear     1 − (1 − f) p
//   cosine     f + (1 − f) (1 + cos πp) / 2           (Loshchilov & Hutter 2017, eq. 5)
enum class Schedule { kConstant, kLinear, kCosine };
constexpr std::array<const char*, 3> Words(Schedule) { return {"constant", "linear", "cosine"}; }

struct OptimizerConfig {
  Schedule schedule = Schedule::kConstant;
  double final_rate = 0;
  double max_gradient_norm = 0;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;

  template <class Archive>
  void Visit(Archive& ar) {
    ar("schedule", schedule, "Learning rates over the fraction of training done");
    ar("final_rate", final_rate, "Where linear and cosine end, as a fraction of the learning rate")
        .Between(0, 1);
    ar("max_gradient_norm", max_gradient_norm,
       "Longer gradients of a network are scaled to this norm (Pascanu et al. 2013); 0: never")
        .AtLeast(0);
    ar("beta1", beta1, "Adam's decay of the first moment").Between(0, 0.999999);
    ar("beta2", beta2, "Adam's decay of the second moment").Between(0, 0.999999);
    ar("epsilon", epsilon, "Added to the root of Adam's second moment").Above(0);
  }

  // factor(progress).
  double RateFactor(double progress) const;
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  struct Requirements {
    nn::TapeOptions tape;    // of the network's passes, beyond Forward and Vjp
    bool curvature = false;  // h
  };
  virtual Requirements Needs() const = 0;

  // The fraction of training done, for the schedule of the learning rate.
  virtual void SetProgress(double progress) = 0;

  // θ ← θ + step, after `network`'s Forward on `tape`. `curvature` is null where Needs() does not
  // ask for it, or where the loss has none (an actor's, which is linear in its action).
  virtual void Step(const ConstMatrixRef& cotangent, const Matrix* curvature, nn::Tape& tape,
                    nn::Network& network) = 0;

  // Its memory, under the name of the network: archive.Group("adam", TensorFile::kOptimizer).
  virtual void Serialize(const StateArchive& archive) = 0;
};

// Makes the optimiser of one network of `parameters` parameters.
using OptimizerFactory = std::function<std::unique_ptr<Optimizer>(
    const OptimizerConfig& config, double learning_rate, Index parameters)>;

// Adam (nn/optimizers/adam.h) on Jᵀc, with the schedule and the clipping of the config.
std::unique_ptr<Optimizer> MakeAdam(const OptimizerConfig& config, double learning_rate,
                                    Index parameters);

// Adam whose learning rate follows the schedule, for any vector of parameters.
class ScheduledAdam {
 public:
  ScheduledAdam(const OptimizerConfig& config, double learning_rate, Index parameters);

  void SetProgress(double progress);
  void Step(const Vector& gradient, Vector& theta) { adam_.Step(gradient, theta); }
  void Serialize(const StateArchive& archive);

 private:
  OptimizerConfig config_;
  double learning_rate_;
  nn::Adam adam_;
};

}  // namespace nabla::agent
