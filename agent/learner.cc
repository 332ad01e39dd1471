#include "agent/learner.h"

#include <algorithm>
#include <string>

namespace nabla::agent {

Learner::Learner(nn::Network net, const nn::AdamOptions& adam, Index batch)
    : network(std::move(net)),
      tape(network.MakeTape(batch)),
      gradient_(network.parameter_count()),
      adam_(network.parameter_count(), adam) {}

void Learner::Descend(const ConstMatrixRef& cotangent) {
  gradient_.setZero();
  network.Vjp(tape, cotangent, &gradient_, nullptr);
  adam_.Step(gradient_, network.parameters());
}

void Learner::State(const StateArchive& archive) {
  archive("m", adam_.first_moment());
  archive("v", adam_.second_moment());
  archive("step", adam_.step());
}

Target::Target(const nn::Network& source, Index batch)
    : network(source), tape(network.MakeTape(batch)) {}

void Target::Follow(const nn::Network& source, double tau) {
  nn::Polyak(source.parameters(), tau, network.parameters());
}

void NetworkState(const StateArchive& archive, std::string_view name, nn::Network& network) {
  const StateArchive group = archive.Group(name, TensorFile::kNetworks);
  for (std::size_t k = 0; k < network.layer_count(); ++k) {
    const StateArchive layer = group.Group("layers." + std::to_string(k));
    for (const nn::ParameterBlock& block : network.layer(k).Parameters()) {
      Real* data = network.parameters().data() + network.parameter_offset(k) + block.offset;
      if (block.cols == 1) {
        layer(block.name, Eigen::Map<Vector>(data, block.rows));
      } else {
        layer.Weight(block.name, Eigen::Map<Matrix>(data, block.rows, block.cols));
      }
    }
  }
}

void SmoothedTargetAction(Target& actor, double sigma, double clip, Rng& rng, Batch& batch) {
  auto action = batch.next_action();
  action = actor.network.Evaluate(batch.next_observation(), actor.tape);
  if (sigma == 0) return;
  for (Index b = 0; b < action.cols(); ++b) {
    for (Index i = 0; i < action.rows(); ++i) {
      const double noise = std::clamp(sigma * rng.Normal(), -clip, clip);
      action(i, b) = std::clamp<Real>(action(i, b) + static_cast<Real>(noise), -1, 1);
    }
  }
}

void MinimumTarget(std::span<const Matrix* const> q, Batch& batch, MatrixRef y) {
  y = *q[0];
  for (const Matrix* other : q.subspan(1)) y = y.cwiseMin(*other);
  y.array() *= batch.discount().array();
  y += batch.reward();
}

double Regress(Learner& critic, Batch& batch, const ConstMatrixRef& y, MatrixRef residual,
               MatrixRef cotangent) {
  residual = critic.network.Forward(batch.observation_action(), critic.tape) - y;
  cotangent = residual * (Real(2) / static_cast<Real>(y.cols()));
  if (!batch.is_weighted()) {
    critic.Descend(cotangent);
    return static_cast<double>(residual.squaredNorm()) / static_cast<double>(y.cols());
  }
  cotangent.array() *= batch.weight().array();
  critic.Descend(cotangent);
  return static_cast<double>(cotangent.cwiseProduct(residual).sum()) / 2;
}

void ReportErrors(std::span<const Matrix* const> residuals, Batch& batch) {
  batch.td_error().setZero();
  for (const Matrix* residual : residuals) batch.td_error() += residual->cwiseAbs();
  batch.td_error() /= static_cast<Real>(residuals.size());
}

double AscendCritic(Learner& actor, Learner& critic, Batch& batch, const ConstMatrixRef& cotangent,
                    MatrixRef scratch) {
  batch.action() = actor.network.Forward(batch.observation(), actor.tape);
  const Matrix& q = critic.network.Forward(batch.observation_action(), critic.tape);
  const double objective = static_cast<double>(q.mean());
  critic.network.Vjp(critic.tape, cotangent, nullptr, &scratch, batch.observation_size());
  actor.Descend(scratch);
  return objective;
}

}  // namespace nabla::agent
