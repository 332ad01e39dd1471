// Wrappers of time, action and reward.
#include <algorithm>
#include <cmath>

#include "envs/wrappers/wrappers.h"

namespace nabla::envs {
namespace {

constexpr double kLargestReward = 1e15;  // squares of returns stay within the range of float

}  // namespace

TimeLimit::TimeLimit(std::unique_ptr<Environment> inner, int step_limit)
    : CloneableWrapper(std::move(inner)) {
  if (step_limit < 1) Refuse("the step limit must be at least 1");
  spec_.step_limit = step_limit;
}

void TimeLimit::Reset(Rng& rng, VectorRef observation) {
  inner_->Reset(rng, observation);
  steps_ = 0;
}

StepResult TimeLimit::Step(const ConstVectorRef& action, VectorRef observation) {
  StepResult result = inner_->Step(action, observation);
  ++steps_;
  result.truncated |= steps_ >= static_cast<std::uint64_t>(spec_.step_limit);
  return result;
}

ActionRepeat::ActionRepeat(std::unique_ptr<Environment> inner, int times)
    : CloneableWrapper(std::move(inner)), times_(times) {
  if (times < 1) Refuse("an action must be repeated at least once");
  spec_.time_step *= times;
  spec_.step_limit = (spec_.step_limit - 1) / times + 1;
  spec_.reward_low = std::min(spec_.reward_low, spec_.reward_low * times);
  spec_.reward_high = std::max(spec_.reward_high, spec_.reward_high * times);
}

StepResult ActionRepeat::Step(const ConstVectorRef& action, VectorRef observation) {
  StepResult sum;
  for (int i = 0; i < times_ && !sum.terminated && !sum.truncated; ++i) {
    const StepResult result = inner_->Step(action, observation);
    sum = {sum.reward + result.reward, result.terminated, result.truncated};
  }
  return sum;
}

// The chain rule over the repeated steps, with A_i = ∂s_{i+1}/∂s_i, B_i = ∂s_{i+1}/∂a:
//   A ← A_i A,   B ← A_i B + B_i,   dr/ds += dr_i/ds_i A,   dr/da += dr_i/ds_i B + dr_i/da.
// The matrices are small; lazyProduct avoids Eigen's blocked product, which is slow to compile.
void ActionRepeat::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                               StepDerivatives& out) const {
  InnerDerivatives(state, action, out);
  StepDerivatives next;
  for (int i = 1; i < times_ && !out.terminated; ++i) {
    InnerDerivatives(out.next_state, action, next);
    out.reward += next.reward;
    out.dreward_dstate += out.dnext_dstate.transpose().lazyProduct(next.dreward_dstate);
    out.dreward_daction +=
        out.dnext_daction.transpose().lazyProduct(next.dreward_dstate) + next.dreward_daction;
    out.dnext_dstate = next.dnext_dstate.lazyProduct(out.dnext_dstate).eval();
    out.dnext_daction =
        (next.dnext_dstate.lazyProduct(out.dnext_daction) + next.dnext_daction).eval();
    out.next_state = next.next_state;
    out.terminated = next.terminated;
  }
}

ActionScale::ActionScale(std::unique_ptr<Environment> inner)
    : CloneableWrapper(std::move(inner)),
      middle_((spec_.action_high + spec_.action_low) / 2),
      half_((spec_.action_high - spec_.action_low) / 2) {
  spec_.action_low.setConstant(-1);
  spec_.action_high.setConstant(1);
}

Vector ActionScale::Scaled(const ConstVectorRef& action) const {
  if (action.size() == 0) return action;
  CheckVector("action", action, spec_.action_size);
  return middle_ + half_.cwiseProduct(action);
}

StepResult ActionScale::Step(const ConstVectorRef& action, VectorRef observation) {
  return inner_->Step(Scaled(action), observation);
}

void ActionScale::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                              StepDerivatives& out) const {
  InnerDerivatives(state, Scaled(action), out);
  out.dnext_daction *= half_.asDiagonal();
  out.dreward_daction = out.dreward_daction.cwiseProduct(half_).eval();
}

void ActionScale::Draw(Canvas& canvas, const ConstVectorRef& action) const {
  inner_->Draw(canvas, Scaled(action));
}

ActionDelay::ActionDelay(std::unique_ptr<Environment> inner, int steps)
    : CloneableWrapper(std::move(inner)), middle_((spec_.action_high + spec_.action_low) / 2) {
  if (steps < 1) Refuse("the delay of actions must be at least one step");
  waiting_ = middle_.replicate(steps, 1);
  spec_.state_size += static_cast<int>(waiting_.size());
}

void ActionDelay::Reset(Rng& rng, VectorRef observation) {
  inner_->Reset(rng, observation);
  waiting_ = middle_.replicate(waiting_.size() / middle_.size(), 1);
}

StepResult ActionDelay::Step(const ConstVectorRef& action, VectorRef observation) {
  CheckVector("action", action, spec_.action_size);
  const Eigen::Index m = middle_.size();
  const StepResult result = inner_->Step(waiting_.head(m), observation);
  std::copy(waiting_.begin() + m, waiting_.end(), waiting_.begin());
  waiting_.tail(m) = action;
  return result;
}

// State (s, a₁ … a_k): s' = f(s, a₁), aᵢ' = aᵢ₊₁, a_k' = a.
void ActionDelay::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                              StepDerivatives& out) const {
  CheckVector("state", state, spec_.state_size);
  CheckVector("action", action, spec_.action_size);
  const Eigen::Index m = middle_.size(), queue = waiting_.size(), n = state.size() - queue;
  StepDerivatives inner;
  InnerDerivatives(state.head(n), state.segment(n, m), inner);
  out.next_state.resize(n + queue);
  out.next_state << inner.next_state, state.tail(queue - m), action;
  out.reward = inner.reward;
  out.terminated = inner.terminated;
  out.observation = inner.observation;
  out.dnext_dstate.setZero(n + queue, n + queue);
  out.dnext_dstate.topLeftCorner(n, n) = inner.dnext_dstate;
  out.dnext_dstate.block(0, n, n, m) = inner.dnext_daction;
  out.dnext_dstate.block(n, n + m, queue - m, queue - m).setIdentity();
  out.dnext_daction.setZero(n + queue, m);
  out.dnext_daction.bottomRows(m).setIdentity();
  out.dreward_dstate.setZero(n + queue);
  out.dreward_dstate.head(n) = inner.dreward_dstate;
  out.dreward_dstate.segment(n, m) = inner.dreward_daction;
  out.dreward_daction.setZero(m);
  out.dobservation_dstate.setZero(inner.dobservation_dstate.rows(), n + queue);
  out.dobservation_dstate.leftCols(n) = inner.dobservation_dstate;
}

void ActionDelay::Draw(Canvas& canvas, const ConstVectorRef& action) const {
  if (action.size() == 0) return inner_->Draw(canvas, action);
  inner_->Draw(canvas, waiting_.head(middle_.size()));
}

RewardScale::RewardScale(std::unique_ptr<Environment> inner, double scale)
    : CloneableWrapper(std::move(inner)), scale_(scale) {
  if (!(scale > 0)) Refuse("the reward scale must be above 0");
  // Infinite bounds say that the environment knows none.
  const auto is_large = [scale](double bound) {
    return std::isfinite(bound) && std::abs(bound) * scale > kLargestReward;
  };
  if (scale > kLargestReward || is_large(spec_.reward_low) || is_large(spec_.reward_high)) {
    Refuse("the reward scale (reward_scale) must not make rewards larger than 1e15");
  }
  spec_.reward_low *= scale;
  spec_.reward_high *= scale;
}

StepResult RewardScale::Step(const ConstVectorRef& action, VectorRef observation) {
  StepResult result = inner_->Step(action, observation);
  result.reward *= scale_;
  return result;
}

void RewardScale::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                              StepDerivatives& out) const {
  InnerDerivatives(state, action, out);
  out.reward *= scale_;
  out.dreward_dstate *= scale_;
  out.dreward_daction *= scale_;
}

}  // namespace nabla::envs
