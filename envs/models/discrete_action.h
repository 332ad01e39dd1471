// DiscreteAction: a task with a few discrete actions, offered as a continuous one, so that an agent
// for continuous actions can play CartPole-v1 and Acrobot-v1. Each number of the action is replaced
// by the nearest of `levels`, in the units of the inner action; a tie goes to the lower level.
//
// Between two levels the step is constant: its derivative with respect to the action is 0, with a
// kink halfway between neighbours.
#pragma once

#include "envs/core/environment_entry.h"
#include "envs/core/wrapper.h"

namespace nabla::envs {

class DiscreteAction : public CloneableWrapper<DiscreteAction> {
 public:
  // `levels`: two or more, ascending.
  DiscreteAction(std::unique_ptr<Environment> inner, std::string name, std::vector<double> levels);

  StepResult Step(const ConstVectorRef& action, VectorRef observation) override;
  void Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                   StepDerivatives& out) const override;
  void Draw(Canvas& canvas, const ConstVectorRef& action) const override;
  std::string Description() const override;

 private:
  Vector Nearest(const ConstVectorRef& action) const;

  std::vector<double> levels_;
};

// The entry of `continuous` with discrete actions.
EnvironmentEntry DiscreteActionEntry(const EnvironmentEntry& continuous, std::string name,
                                     std::string summary, std::vector<double> levels);

}  // namespace nabla::envs
