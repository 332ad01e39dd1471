// The targets of the update of each algorithm, with truncation and entropy, and the initialisation,
// compared with the formulas of the paper (double).
#include <algorithm>

#include "tests/agent/algorithms/subject.h"

namespace nabla::agent::update_laws {

TEST_CASE("TD3: the target is the smaller critic at the smoothed action", "[agent][laws]") {
  std::srand(1);
  Subject<Td3, Td3Config> subject{Td3Config{}};
  Rng rng = subject.rng;
  const Matrix s = subject.next_observation();
  Matrix next = subject.Head(s);
  for (Index b = 0; b < kBatch; ++b) {
    for (Index i = 0; i < kAction; ++i) {
      const double noise = std::clamp(0.2 * rng.Normal(), -0.5, 0.5);
      next(i, b) = std::clamp(next(i, b) + noise, -1.0, 1.0);
    }
  }
  const Matrix q = subject.Value(0, Stack(s, next)).cwiseMin(subject.Value(1, Stack(s, next)));
  const Matrix y =
      Batch(subject.batch).reward().array() + Batch(subject.batch).discount().array() * q.array();
  const double loss = SquaredLoss(subject, y);
  subject.Update();
  CHECK(subject.MeanOf("critic_loss") == Approx(loss).epsilon(1e-9));
  CHECK(subject.MeanOf("q_mean") == Approx(y.mean()).epsilon(1e-9));
}

TEST_CASE("DDPG: the target is the one critic at the target policy's action", "[agent][laws]") {
  std::srand(2);
  Subject<Ddpg, DdpgConfig> subject{DdpgConfig{}};
  const Matrix s = subject.next_observation();
  const Matrix y =
      Batch(subject.batch).reward().array() +
      Batch(subject.batch).discount().array() * subject.Value(0, Stack(s, subject.Head(s))).array();
  const double loss = SquaredLoss(subject, y);
  CHECK(Moved(subject) == Names{"actor", "actor_target", "critics.0", "critics.0_target"});
  CHECK(subject.MeanOf("critic_loss") == Approx(loss).epsilon(1e-9));
}

TEST_CASE("SAC: the target subtracts alpha log pi of the next action", "[agent][laws]") {
  std::srand(3);
  SacConfig config;
  config.temperature = {.learned = false, .initial = 0.7};
  Subject<Sac, SacConfig> subject{config};
  Rng rng = subject.rng;
  Sample(subject.Head(subject.original.topRows(kObservation)),
         rng);  // the sample of the temperature's step
  const Matrix s = subject.next_observation();
  const Draw next = Sample(subject.Head(s), rng);
  const Matrix input = Stack(s, next.action);
  const Matrix q =
      subject.Value(0, input).cwiseMin(subject.Value(1, input)) - 0.7 * next.log_probability;
  const Matrix y =
      Batch(subject.batch).reward().array() + Batch(subject.batch).discount().array() * q.array();
  const double loss = SquaredLoss(subject, y) / 2;
  subject.Update();
  CHECK(subject.MeanOf("critic_loss") == Approx(loss).epsilon(1e-9));
  CHECK(subject.MeanOf("q_mean") == Approx(y.mean()).epsilon(1e-9));
}

TEST_CASE("TQC: the target pools the quantiles and drops the largest", "[agent][laws]") {
  std::srand(4);
  TqcConfig config;
  config.quantiles = 6;
  config.dropped_quantiles = 2;
  config.temperature = {.learned = false, .initial = 0.4};
  Subject<Tqc, TqcConfig> subject{config};
  Rng rng = subject.rng;
  Sample(subject.Head(subject.original.topRows(kObservation)), rng);
  const Matrix s = subject.next_observation();
  const Draw next = Sample(subject.Head(s), rng);
  const Matrix input = Stack(s, next.action);
  const Matrix first = subject.Value(0, input), second = subject.Value(1, input);
  Batch batch = subject.batch;
  double sum = 0;
  for (Index b = 0; b < kBatch; ++b) {
    std::vector<double> z(first.col(b).begin(), first.col(b).end());
    z.insert(z.end(), second.col(b).begin(), second.col(b).end());
    std::sort(z.begin(), z.end());
    for (std::size_t j = 0; j < 8; ++j) {  // K = 12 − 4
      sum += batch.reward()(b) + batch.discount()(b) * (z[j] - 0.4 * next.log_probability(0, b));
    }
  }
  subject.Update();
  CHECK(subject.MeanOf("q_mean") == Approx(sum / (8 * kBatch)).epsilon(1e-9));
}

TEST_CASE("initialisation: uniform in 1/sqrt(fan in), critics differ, targets are copies",
          "[agent][laws]") {
  Subject<Td3, Td3Config> subject{Td3Config{}};
  const auto networks = subject.Networks();
  for (const char* name : {"actor", "critics.0", "critics.1"}) {
    for (const auto& [tensor, bytes] : networks) {
      if (!tensor.starts_with(std::string(name) + ".")) continue;
      CHECK(networks.at(std::string(name) + "_target" + tensor.substr(std::string(name).size())) ==
            bytes);
    }
  }
  CHECK(networks.at("critics.0.layers.0.weight") != networks.at("critics.1.layers.0.weight"));
  const nn::Network& critic = subject.agent.critics().network(0);
  const Index inputs[] = {kObservation + kAction, 8, 6};
  for (std::size_t k = 0; k < critic.layer_count(); ++k) {
    const auto slice =
        critic.parameters().segment(critic.parameter_offset(k), critic.layer(k).parameter_count());
    const double bound = 1 / std::sqrt(static_cast<double>(inputs[k]));
    CHECK(slice.cwiseAbs().maxCoeff() <= bound);
    CHECK(slice.cwiseAbs().maxCoeff() > 0.5 * bound);
    CHECK(slice.tail(1).cwiseAbs().maxCoeff() > 0);  // also the biases
  }
}

}  // namespace nabla::agent::update_laws
