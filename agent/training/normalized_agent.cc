#include "agent/training/normalized_agent.h"

#include "nn/network/network.h"

namespace nabla::agent {
namespace {

// network(x̂, a) of raw x.
nn::Network BehindNormalizer(const ObservationNormalizer& normalizer, const nn::Network& network) {
  const Index inputs = network.input_size(), observations = normalizer.scale().size();
  nn::NetworkSpec spec = network.Spec();
  spec.layers.insert(
      spec.layers.begin(),
      {.kind = "linear", .input_size = inputs, .output_size = inputs, .activation = "identity"});
  nn::Network result = nn::MakeNetwork(spec);
  Matrix weight = Matrix::Identity(inputs, inputs);
  weight.diagonal().head(observations) = normalizer.scale();
  Vector bias = Vector::Zero(inputs);
  bias.head(observations) = -normalizer.scale().cwiseProduct(normalizer.center());
  result.parameters() << weight.reshaped(), bias, network.parameters();
  return result;
}

}  // namespace

ActTape NormalizedAgent::MakeActTape(Index n) const {
  ActTape tape = agent_->MakeActTape(n);
  tape.observation = Matrix(normalizer_.scale().size(), n);
  return tape;
}

void NormalizedAgent::Act(const ConstMatrixRef& observation, Mode mode, Rng& rng, ActTape& tape,
                          MatrixRef action) const {
  tape.observation = observation;
  normalizer_.Apply(tape.observation);
  agent_->Act(tape.observation, mode, rng, tape, action);
}

void NormalizedAgent::Update(Batch& batch, double progress, Rng& rng) {
  normalizer_.Apply(batch.observation());
  normalizer_.Apply(batch.next_observation());
  agent_->Update(batch, progress, rng);
}

std::vector<NamedNetwork> NormalizedAgent::Inspect() const {
  std::vector<NamedNetwork> networks = agent_->Inspect();
  for (NamedNetwork& named : networks) {
    named.network = BehindNormalizer(normalizer_, named.network);
  }
  return networks;
}

void NormalizedAgent::NormalizerState(const StateArchive& archive) {
  normalizer_.State(archive.Group("observation_normalizer", TensorFile::kNetworks));
}

void NormalizedAgent::Networks(const StateArchive& archive) {
  NormalizerState(archive);
  agent_->Networks(archive);
}

void NormalizedAgent::State(const StateArchive& archive) {
  NormalizerState(archive);
  agent_->State(archive);
}

}  // namespace nabla::agent
