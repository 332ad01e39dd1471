// DiscreteAction: a task with a choice of a few actions, offered as a continuous one. Each number
// of the action is replaced by the nearest of `levels` (in the units of the inner action; a tie
// goes to the lower level), so that a continuous agent can play CartPole-v1 and Acrobot-v1.
//
// The step is constant between two levels: its derivative with respect to the action is 0, and
// there is a kink halfway between neighbours.
#pragma once

#include "envs/wrappers/wrapper.h"

namespace nabla::envs {

class DiscreteAction : public CloneableWrapper<DiscreteAction> {
 public:
  // `levels` ascending, two or more.
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

}  // namespace nabla::envs
