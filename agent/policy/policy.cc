#include "agent/policy/policy.h"

#include <stdexcept>
#include <utility>

#include "agent/policy/networks.h"
#include "agent/policy/squashed_gaussian.h"

namespace nabla::agent {

Policy::Policy(Kind kind, nn::Network network, const ActionBounds& bounds,
               std::optional<ObservationNormalizer> normalizer, const RefineConfig& refine)
    : kind_(kind),
      network_(std::move(network)),
      bounds_(bounds),
      normalizer_(std::move(normalizer)),
      refine_(refine) {}

Policy::Policy(const Policy& other)
    : kind_(other.kind_),
      network_(other.network_),
      bounds_(other.bounds_),
      normalizer_(other.normalizer_),
      refine_(other.refine_),
      critic_(other.critic_ ? std::make_shared<const nn::Network>(*other.critic_) : nullptr) {}

Policy& Policy::operator=(const Policy& other) {
  Policy copy = other;
  return *this = std::move(copy);
}

void Policy::ClimbOn(std::shared_ptr<const nn::Network> critic) {
  if (refine_.Wanted()) critic_ = std::move(critic);
}

PolicyTape Policy::MakeTape(Index n) const {
  PolicyTape tape;
  tape.actor = network_.MakeTape(n);
  tape.observation.resize(normalizer_ ? observation_size() : 0, n);
  tape.action.resize(action_size(), n);
  if (refine_.Wanted()) tape.refine = RefineTape(RequireCritic(), action_size(), n);
  return tape;
}

const nn::Network& Policy::RequireCritic() const {
  if (critic_) return *critic_;
  throw std::logic_error("a policy that refines its actions needs a critic: see ClimbOn");
}

void Policy::ActNormalized(const ConstMatrixRef& observation, Mode mode, Rng& rng, PolicyTape& tape,
                           MatrixRef u) const {
  if (normalizer_) {
    tape.observation = observation;
    normalizer_->Apply(tape.observation);
  }
  const ConstMatrixRef x = normalizer_ ? ConstMatrixRef(tape.observation) : observation;
  const Matrix& output = network_.Evaluate(x, tape.actor);
  if (kind_ == Kind::kDeterministic) {
    u = output;
  } else if (mode == Mode::kExplore) {
    DrawAction(output, rng, u);
  } else {
    MeanAction(output, u);
  }
  if (refine_.Wanted(mode)) Refine(refine_, RequireCritic(), x, tape.refine, u);
}

void Policy::Act(const ConstMatrixRef& observation, PolicyTape& tape,
                 Eigen::Ref<Eigen::MatrixXd> action) const {
  Rng unused(0);
  ActNormalized(observation, Mode::kExploit, unused, tape, tape.action);
  for (Index i = 0; i < action.cols(); ++i) {
    bounds_.ToEnvironment(tape.action.col(i), action.col(i));
  }
}

Policy::Linearization Policy::Linearize(const ConstMatrixRef& observation) const {
  Vector x = observation;
  Vector dx_do = Vector::Ones(x.size());  // the diagonal
  if (normalizer_) {
    normalizer_->Apply(x);
    dx_do = normalizer_->Slope(observation);
  }
  const nn::Network mean = MeanNetwork();
  nn::Tape tape = mean.MakeTape(1, {.jacobian = true});
  Vector u = mean.Forward(x, tape);
  Matrix column(u.size() * x.size(), 1);
  mean.InputGradient(tape, column);
  Matrix du_dx = column.reshaped(u.size(), x.size());
  if (refine_.Wanted(Mode::kExploit)) {
    RefineTape refine(RequireCritic(), u.size(), x.size(), true);
    Matrix refined = u.replicate(1, x.size());
    Refine(refine_, RequireCritic(), x.replicate(1, x.size()), refine, refined, &du_dx);
    u = refined.col(0);
  }
  const Matrix du_do = du_dx * dx_do.asDiagonal();
  return {.u = u,
          .du_dobservation = du_do,
          .action = bounds_.ToEnvironment(u),
          .daction_dobservation = bounds_.Slope().asDiagonal() * du_do.cast<double>()};
}

nn::Network Policy::MeanNetwork() const {
  if (kind_ == Kind::kDeterministic) return network_;
  return MapOutput(network_, Matrix::Identity(action_size(), 2 * action_size()), "tanh");
}

nn::Network Policy::AsNetwork() const { return BehindNormalizer(MeanNetwork()); }

nn::Network Policy::BehindNormalizer(const nn::Network& network) const {
  return normalizer_ ? agent::BehindNormalizer(*normalizer_, network) : network;
}

void Policy::CopyState(const Policy& other) {
  network_.parameters() = other.network_.parameters();
  normalizer_ = other.normalizer_;
}

void Policy::Observe(const ConstMatrixRef& observation) {
  if (normalizer_) normalizer_->Observe(observation);
}

void Policy::Normalize(MatrixRef observation) const {
  if (normalizer_) normalizer_->Apply(observation);
}

void Policy::Serialize(const StateArchive& archive) {
  if (normalizer_) {
    normalizer_->Serialize(archive.Group("observation_normalizer", TensorFile::kNetworks));
  }
  SerializeNetwork(archive, "actor", network_);
}

}  // namespace nabla::agent
