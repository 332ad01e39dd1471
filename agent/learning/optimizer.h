// Optimizer: turns the derivative of a loss in the outputs of a network into a parameter step.
//
// For a loss L(y) of y = network(x) [m, B], an optimiser receives
//
//   c = ∂L/∂y               [m, B]   the cotangent
//   h = diag ∂²L/∂y²        [m, B]   only on request; for example, h = 2 w/B for L = w/B (q − y)²
//
// and computes what it needs from them and from the weight Jacobian J of y: Jᵀc for a first-order
// method, and also Jᵀ diag(h) J for Gauss–Newton. Needs() declares the options of the tape that
// this takes. Algorithms depend only on this interface.
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

// The learning rate after the fraction p of the training: α(p) = α · factor(p), with f = final_rate
// and factor(p) =
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
    ar("schedule", schedule, "How the learning rates change during the training");
    ar("final_rate", final_rate,
       "Final value of linear and cosine, as a fraction of the learning rate")
        .Between(0, 1);
    ar("max_gradient_norm", max_gradient_norm,
       "Largest norm of a network's gradient, to which longer ones are scaled "
       "(Pascanu et al. 2013); 0: no limit")
        .AtLeast(0);
    ar("beta1", beta1, "Decay rate of Adam's first moment").Between(0, 0.999999);
    ar("beta2", beta2, "Decay rate of Adam's second moment").Between(0, 0.999999);
    ar("epsilon", epsilon, "Added to the square root of Adam's second moment").Between(1e-30, 1e30);
  }

  // factor(progress).
  double RateFactor(double progress) const;
};

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  struct Requirements {
    nn::TapeOptions tape;    // for passes beyond Forward and Vjp
    bool curvature = false;  // h
  };
  virtual Requirements Needs() const = 0;

  // Sets the fraction of the training that is done, for the schedule of the learning rate.
  virtual void SetProgress(double progress) = 0;

  // θ ← θ + step, after a Forward of `network` on `tape`. `curvature` is null if Needs() does not
  // ask for it, or if the loss has none: the loss of an actor is linear in the action.
  virtual void Step(const ConstMatrixRef& cotangent, const Matrix* curvature, nn::Tape& tape,
                    nn::Network& network) = 0;

  // Saves or restores the state of the optimiser in a group with its name, for example
  // archive.Group("adam", TensorFile::kOptimizer).
  virtual void Serialize(const StateArchive& archive) = 0;
};

// Makes the optimiser of a network with `parameters` parameters.
using OptimizerFactory = std::function<std::unique_ptr<Optimizer>(
    const OptimizerConfig& config, double learning_rate, Index parameters)>;

// Adam (nn/optimizers/adam.h) on Jᵀc, with the schedule and the gradient clipping of the config.
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
