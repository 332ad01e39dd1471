// An algorithm with small networks and a random batch, whose update is compared with the formulas
// of the paper (double).
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "agent/algorithms/ddpg.h"
#include "agent/algorithms/sac.h"
#include "agent/algorithms/td3.h"
#include "agent/algorithms/tqc.h"
#include "tests/support/catch.h"

namespace nabla::agent::update_laws {

inline constexpr Index kObservation = 3, kAction = 2, kBatch = 16;

inline envs::Spec TestSpec() {
  envs::Spec spec;
  spec.observation_size = kObservation;
  spec.action_size = kAction;
  spec.action_low = envs::Vector::Constant(kAction, -1);
  spec.action_high = envs::Vector::Constant(kAction, 1);
  return spec;
}

// All tensors of an agent by name.
class Tensors : public StateBackend {
 public:
  bool restoring() const override { return false; }
  void Tensor(const std::string& name, TensorFile, const TensorSlot& slot) override {
    std::vector<std::byte> bytes(slot.Type().Bytes());
    slot.Pack(bytes);
    values[name] = bytes;
  }
  void Scalar(const std::string&, Section, const ScalarSlot&) override {}
  std::map<std::string, std::vector<std::byte>> values;
};

template <class Algorithm, class Config>
struct Subject {
  explicit Subject(Config config) : own(Small(config)), agent(own, Context()) {
    batch.data().setRandom();
    batch.discount().setConstant(0.9);
    batch.discount()(0) = 0;
    original = batch.data();
  }

  static Config Small(Config config) {
    config.actor = config.critic = {.hidden = {8, 6}, .activation = "silu"};
    config.batch_size = kBatch;
    config.polyak_rate = 0.25;
    return config;
  }
  AgentContext Context() {
    return {.observation_size = kObservation,
            .bounds = ActionBounds(TestSpec()),
            .normalize_observations = false,
            .initialization = initialization,
            .workers = workers};
  }
  void Update() {
    batch.data() = original;
    agent.Update(batch, 0, rng);
  }
  double MeanOf(const std::string& metric) const {
    for (const Metric& m : agent.metrics().list()) {
      if (m.name == metric) return m.Mean();
    }
    FAIL("no metric " << metric);
    return 0;
  }
  std::map<std::string, std::vector<std::byte>> Networks() {
    Tensors tensors;
    agent.SerializeNetworks(StateArchive(tensors));
    return tensors.values;
  }
  // Q_i(x) [m, B] before the first update, when targets are copies.
  Matrix Value(std::size_t i, const Matrix& input) const {
    nn::Tape tape = agent.critics().network(i).MakeTape(kBatch);
    return agent.critics().network(i).Evaluate(input, tape);
  }
  Matrix Head(const Matrix& observation) const {
    nn::Tape tape = agent.policy().network().MakeTape(kBatch);
    return agent.policy().network().Evaluate(observation, tape);
  }
  Matrix next_observation() { return Batch(batch).next_observation(); }

  Rng initialization{7}, rng{8};
  Workers workers{1};
  Config own;
  Algorithm agent;
  Batch batch{kObservation, kAction, kBatch};
  Matrix original;
};

struct Draw {
  Matrix action;           // [a, B]
  Matrix log_probability;  // [1, B]
};

// a ~ π and log π, in the order in which the agent draws.
inline Draw Sample(const Matrix& head, Rng& rng) {
  Matrix noise(kAction, kBatch);
  for (Index i = 0; i < noise.size(); i += 2) {
    const auto pair = rng.NormalPair();
    noise.data()[i] = pair[0], noise.data()[i + 1] = pair[1];
  }
  const Matrix l = head.bottomRows(kAction);
  const Matrix u = head.topRows(kAction).array() + l.array().exp() * noise.array();
  const Matrix a = u.array().tanh();
  const Matrix log_pi = (-noise.array().square() / 2 - l.array() - std::log(2 * M_PI) / 2 -
                         (1 - a.array().square()).log())
                            .matrix()
                            .colwise()
                            .sum();
  return {a, log_pi};
}

inline Matrix Stack(const Matrix& observation, const Matrix& action) {
  Matrix input(observation.rows() + action.rows(), observation.cols());
  input << observation, action;
  return input;
}

// The mean over the critics of 1/B Σ (Q_i − y)².
template <class S>
double SquaredLoss(S& subject, const Matrix& y) {
  const Matrix input = subject.original.topRows(kObservation + kAction);
  double loss = 0;
  for (std::size_t i = 0; i < subject.agent.critics().size(); ++i) {
    loss += (subject.Value(i, input) - y).squaredNorm() / kBatch;
  }
  return loss / static_cast<double>(subject.agent.critics().size());
}

// The names of the networks that one update changes.
template <class S>
std::vector<std::string> Moved(S& subject) {
  const auto before = subject.Networks();
  subject.Update();
  std::map<std::string, bool> moved;
  for (const auto& [name, bytes] : subject.Networks()) {
    const std::string network = name.substr(0, name.find(".layers"));
    moved[network] = moved[network] || bytes != before.at(name);
  }
  std::vector<std::string> names;
  for (const auto& [name, is] : moved) {
    if (is) names.push_back(name);
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace nabla::agent::update_laws
