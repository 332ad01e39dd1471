#include "agent/learning/critics.h"

#include <numeric>
#include <stdexcept>
#include <utility>

#include "agent/policy/networks.h"

namespace nabla::agent {

Critics::Critics(const ActorCriticConfig& config, const EnsembleConfig& ensemble,
                 const AgentContext& context, Index outputs)
    : ensemble_(ensemble), workers_(context.workers) {
  if (ensemble_.target_subset > ensemble_.size) {
    throw std::invalid_argument("agent.ensemble.target_subset is " +
                                std::to_string(ensemble_.target_subset) +
                                ", but agent.ensemble.size is " + std::to_string(ensemble_.size));
  }
  const Index inputs = context.observation_size + context.action_size(), batch = config.batch_size;
  for (int i = 0; i < ensemble_.size; ++i) {
    const auto network = std::make_shared<nn::Network>(
        NewNetwork(config.critic, inputs, outputs, "identity", context.initialization));
    Learner learner(*network, context.NewOptimizer(config, config.critic_learning_rate, *network),
                    batch);
    const bool curvature = learner.wants_curvature();
    members_.push_back({.network = network,
                        .learner = std::move(learner),
                        .target = Target(*network, batch),
                        .target_value = nullptr,
                        .value = nullptr,
                        .cotangent = Matrix(outputs, batch),
                        .curvature = curvature ? Matrix(outputs, batch) : Matrix(),
                        .action_gradient = Matrix(context.action_size(), batch),
                        .loss = 0});
  }
  order_.resize(members_.size());
  std::iota(order_.begin(), order_.end(), 0);
  const int subset = ensemble_.target_subset == 0 ? ensemble_.size : ensemble_.target_subset;
  chosen_.assign(order_.begin(), order_.begin() + subset);
}

void Critics::SetProgress(double progress) {
  for (Member& member : members_) member.learner.SetProgress(progress);
}

// The first |M| entries of a Fisher–Yates shuffle of 0 … N−1.
void Critics::ChooseTargets(Rng& rng) {
  if (chosen_.size() == members_.size()) return;
  std::iota(order_.begin(), order_.end(), 0);
  for (std::size_t k = 0; k < chosen_.size(); ++k) {
    std::swap(order_[k], order_[k + rng.Below(order_.size() - k)]);
    chosen_[k] = order_[k];
  }
}

void Critics::EvaluateTargets(Batch& batch, Rng& rng) {
  ChooseTargets(rng);
  workers_.ForEach(static_cast<int>(chosen_.size()), [&](int k) {
    Member& member = members_[chosen_[static_cast<std::size_t>(k)]];
    member.target_value = &member.target.Evaluate(batch.next_observation_action());
  });
}

void Critics::MinOrMeanTarget(Batch& batch, Rng& rng, Matrix& value) {
  EvaluateTargets(batch, rng);
  value = target(0);
  const bool is_mean = ensemble_.target == TargetReduction::kMean;
  for (std::size_t k = 1; k < target_count(); ++k) {
    if (is_mean) {
      value += target(k);
    } else {
      value = value.cwiseMin(target(k));
    }
  }
  if (is_mean) value /= static_cast<Real>(target_count());
}

void Bootstrap(Batch& batch, Matrix& y) {
  y = batch.reward().array() + batch.discount().array() * y.array();
}

double Critics::RegressTo(const Matrix& y, double scale, Batch& batch) {
  const auto share = static_cast<Real>(scale) / static_cast<Real>(y.cols());
  return Regress(batch, [&](int i, const Matrix& q, Matrix& cotangent, Matrix* curvature) {
    cotangent = q - y;
    if (i == 0) batch.td_error() = cotangent.cwiseAbs();
    const double loss =
        static_cast<double>((cotangent.array().square() * batch.weight().array()).sum() * share);
    cotangent.array() *= 2 * share * batch.weight().array();
    if (curvature != nullptr) *curvature = 2 * share * batch.weight();
    return loss;
  });
}

double Critics::DescendInAction(Batch& batch, Matrix& gradient) {
  const int actors = ActorCount();
  workers_.ForEach(actors, [&](int i) {
    Member& member = members_[static_cast<std::size_t>(i)];
    member.value = &member.learner.Forward(batch.observation_action());
  });
  const double objective = WeighActorValues();
  workers_.ForEach(actors, [&](int i) {
    Member& member = members_[static_cast<std::size_t>(i)];
    member.learner.InputGradient(member.cotangent, member.action_gradient,
                                 batch.observation_size());
  });
  gradient = members_[0].action_gradient;
  for (int i = 1; i < actors; ++i)
    gradient += members_[static_cast<std::size_t>(i)].action_gradient;
  return objective;
}

// Assigns the cotangent ∂L/∂Q_i of each member. Returns −L.
double Critics::WeighActorValues() {
  const int actors = ActorCount();
  const Index outputs = members_[0].cotangent.rows(), batch = members_[0].cotangent.cols();
  if (ensemble_.actor != ActorReduction::kMin || actors == 1) {
    const Real share = Real(-1) / static_cast<Real>(actors * outputs * batch);
    double sum = 0;
    for (int i = 0; i < actors; ++i) {
      Member& member = members_[static_cast<std::size_t>(i)];
      member.cotangent.setConstant(share);
      sum += static_cast<double>(member.value->mean());
    }
    return sum / actors;
  }
  eigen_assert(outputs == 1);
  for (Member& member : members_) member.cotangent.setZero();
  double sum = 0;
  for (Index b = 0; b < batch; ++b) {
    std::size_t least = 0;
    for (std::size_t i = 1; i < members_.size(); ++i) {
      if ((*members_[i].value)(0, b) < (*members_[least].value)(0, b)) least = i;
    }
    members_[least].cotangent(0, b) = Real(-1) / static_cast<Real>(batch);
    sum += static_cast<double>((*members_[least].value)(0, b));
  }
  return sum / static_cast<double>(batch);
}

double Critics::MeanLoss() const {
  double sum = 0;
  for (const Member& member : members_) sum += member.loss;
  return sum / static_cast<double>(members_.size());
}

void Critics::Follow(double tau) {
  workers_.ForEach(count(), [&](int i) {
    Member& member = members_[static_cast<std::size_t>(i)];
    member.target.Follow(*member.network, tau);
  });
}

void Critics::SerializeNetworks(const StateArchive& archive) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const std::string name = "critics." + std::to_string(i);
    SerializeNetwork(archive, name, *members_[i].network);
    SerializeNetwork(archive, name + "_target", members_[i].target.network());
  }
}

void Critics::SerializeOptimizers(const StateArchive& archive) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    members_[i].learner.Serialize(archive.Group("critics." + std::to_string(i)));
  }
}

}  // namespace nabla::agent
