#include "envs/models/discrete_action.h"

#include <cmath>
#include <sstream>

namespace nabla::envs {

DiscreteAction::DiscreteAction(std::unique_ptr<Environment> inner, std::string name,
                               std::vector<double> levels)
    : CloneableWrapper(std::move(inner)), levels_(std::move(levels)) {
  spec_.name = std::move(name);
  spec_.action_low.setConstant(levels_.front());
  spec_.action_high.setConstant(levels_.back());
}

Vector DiscreteAction::Nearest(const ConstVectorRef& action) const {
  Vector chosen = action;
  for (double& a : chosen) {
    if (!std::isfinite(a)) continue;  // the inner environment reports it
    double best = levels_.front();
    for (const double level : levels_) {
      if (std::abs(a - level) < std::abs(a - best)) best = level;
    }
    a = best;
  }
  return chosen;
}

StepResult DiscreteAction::Step(const ConstVectorRef& action, VectorRef observation) {
  return inner_->Step(Nearest(action), observation);
}

void DiscreteAction::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                                 StepDerivatives& out) const {
  InnerDerivatives(state, Nearest(action), out);
  out.dnext_daction.setZero();
  out.dreward_daction.setZero();
}

void DiscreteAction::Draw(Canvas& canvas, const ConstVectorRef& action) const {
  inner_->Draw(canvas, Nearest(action));
}

std::string DiscreteAction::Description() const {
  std::ostringstream text;
  text << inner_->Description() << "\n\n"
       << spec_.name << ": the action is first replaced by the nearest of";
  for (const double level : levels_) text << ' ' << level;
  text << " (derivative with respect to it 0).";
  return text.str();
}

EnvironmentEntry DiscreteActionEntry(const EnvironmentEntry& continuous, std::string name,
                                     std::string summary, std::vector<double> levels) {
  const auto make = [inner = continuous.make, name, levels = std::move(levels)] {
    return std::make_unique<DiscreteAction>(inner(), name, levels);
  };
  return {std::move(name), std::move(summary), make};
}

}  // namespace nabla::envs
