// The steps of the update of each algorithm, compared with the formulas of the paper (double):
// targets with truncation and entropy, delays, and the networks that each update changes.
#include <algorithm>
#include <cmath>
#include <map>
#include <type_traits>
#include <vector>

#include "agent/algorithms/ddpg.h"
#include "agent/algorithms/sac.h"
#include "agent/algorithms/td3.h"
#include "agent/algorithms/tqc.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace update_laws {
namespace {

constexpr Index kObservation = 3, kAction = 2, kBatch = 16;

envs::Spec TestSpec() {
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
Draw Sample(const Matrix& head, Rng& rng) {
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

Matrix Stack(const Matrix& observation, const Matrix& action) {
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

}  // namespace

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

TEST_CASE("updates: delays count gradient updates, and targets follow when the paper says",
          "[agent][laws]") {
  const Names critics = {"critics.0", "critics.1"};
  const Names all_of_td3 = {"actor",     "actor_target",    "critics.0", "critics.0_target",
                            "critics.1", "critics.1_target"};
  Td3Config td3;
  td3.policy_delay = 3;
  Subject<Td3, Td3Config> delayed{td3};
  for (const bool actor_learns : {false, false, true, false, false, true}) {
    CHECK(Moved(delayed) == (actor_learns ? all_of_td3 : critics));
  }

  // SAC updates the targets every time, but delays actor and temperature.
  const Names critics_and_targets = {"critics.0", "critics.0_target", "critics.1",
                                     "critics.1_target"};
  Names all_of_sac = critics_and_targets;
  all_of_sac.insert(all_of_sac.begin(), "actor");
  all_of_sac.push_back("temperature.log_alpha");
  SacConfig sac;
  sac.policy_delay = 2;
  Subject<Sac, SacConfig> soft{sac};
  for (const bool actor_learns : {false, true, false, true}) {
    CHECK(Moved(soft) == (actor_learns ? all_of_sac : critics_and_targets));
  }
}

namespace {

Real Number(const std::vector<std::byte>& data, std::size_t i = 0) {
  return reinterpret_cast<const Real*>(data.data())[i];
}

// After the first update, θ' = (1 − τ) θ₀ + τ θ₁, where θ₁ are the parameters after that update.
template <class Algorithm, class Config>
void RequireTargetsFollow(Config config) {
  if constexpr (requires { config.policy_delay; }) config.policy_delay = 1;
  Subject<Algorithm, Config> subject{config};
  const auto before = subject.Networks();
  subject.Update();
  const auto after = subject.Networks();
  int targets = 0;
  for (const auto& [name, bytes] : after) {
    const std::size_t at = name.find("_target");
    if (at == std::string::npos) continue;
    ++targets;
    const std::string network = name.substr(0, at) + name.substr(at + 7);
    CAPTURE(name);
    REQUIRE(after.at(network) != before.at(network));
    for (std::size_t i = 0; i < bytes.size() / sizeof(Real); ++i) {
      const Real expected =
          Number(before.at(network), i) * 0.75 + Number(after.at(network), i) * 0.25;
      REQUIRE(Number(bytes, i) == Approx(expected).margin(1e-12));
    }
  }
  REQUIRE(targets >= 6);  // weights and biases
}

// The reported objective J is that of the critics after their step.
template <class Algorithm, class Config>
void RequireActorSeesNewCritic(Config config) {
  if constexpr (requires { config.policy_delay; }) config.policy_delay = 1;
  config.critic_learning_rate = 0.1;
  Subject<Algorithm, Config> subject{config};
  const Matrix s = subject.original.topRows(kObservation);
  const Matrix input = Stack(s, subject.Head(s));  // of the actor before its step
  const double old_objective = subject.Value(0, input).mean();
  subject.Update();
  const double objective = subject.Value(0, input).mean();
  REQUIRE(std::fabs(objective - old_objective) > 1e-3);
  CHECK(subject.MeanOf("actor_objective") == Approx(objective).epsilon(1e-9));
}

template <class Config>
Config WithTemperature(const TemperatureConfig& temperature) {
  Config config;
  config.temperature = temperature;
  config.critic_learning_rate = 0.1;
  return config;
}

// The temperature steps first, so the targets and the actor see the new α. The critics step before
// the actor, so it sees the new Q̄.
template <class Algorithm, class Config>
void RequireSoftOrder() {
  std::srand(6);
  Subject<Algorithm, Config> subject{WithTemperature<Config>({.learning_rate = 0.5})};
  Rng rng = subject.rng;
  const Matrix s = subject.original.topRows(kObservation);
  const Draw now = Sample(subject.Head(s), rng);
  const Matrix s_next = subject.next_observation();
  const Draw next = Sample(subject.Head(s_next), rng);
  const auto q = [&](const Matrix& input) {
    const Matrix first = subject.Value(0, input), second = subject.Value(1, input);
    return std::is_same_v<Algorithm, Sac> ? first.cwiseMin(second)
                                          : Matrix((first + second).colwise().mean() / 2);
  };
  const Matrix next_q = q(Stack(s_next, next.action));
  const Matrix before = q(Stack(s, now.action));
  subject.Update();
  const double alpha = std::exp(Number(subject.Networks().at("temperature.log_alpha")));
  REQUIRE(std::fabs(alpha - 1) > 0.2);
  CHECK(subject.MeanOf("temperature") == Approx(alpha).epsilon(1e-9));
  if (std::is_same_v<Algorithm, Sac>) {
    const Matrix value = next_q - alpha * next.log_probability;
    Batch batch = subject.batch;
    batch.data() = subject.original;
    const Matrix y = batch.reward().array() + batch.discount().array() * value.array();
    CHECK(subject.MeanOf("q_mean") == Approx(y.mean()).epsilon(1e-9));
  }
  const Matrix after = q(Stack(s, now.action));
  REQUIRE(std::fabs(after.mean() - before.mean()) > 1e-3);
  CHECK(subject.MeanOf("actor_objective") ==
        Approx(after.mean() - alpha * now.log_probability.mean()).epsilon(1e-9));
}

// The networks after one update with a learned temperature are those with the temperature fixed at
// its new value: the losses share no gradient.
template <class Algorithm, class Config>
void RequireSeparateTemperature() {
  std::srand(7);
  Subject<Algorithm, Config> learned{WithTemperature<Config>({.learning_rate = 0.5})};
  const auto initial = learned.Networks();
  REQUIRE(Number(initial.at("temperature.log_alpha")) == 0);
  Rng rng = learned.rng;
  const Matrix log_pi =
      Sample(learned.Head(learned.original.topRows(kObservation)), rng).log_probability;
  learned.Update();
  const auto after = learned.Networks();
  const Real log_alpha = Number(after.at("temperature.log_alpha"));
  const double gradient = -(log_pi.mean() - kAction);  // −1/B Σ (log π + H̄), H̄ = −dim(A)
  CHECK(log_alpha == Approx(-0.5 * gradient / (std::fabs(gradient) + 1e-8)).epsilon(1e-9));
  std::srand(7);
  Subject<Algorithm, Config> fixed{
      WithTemperature<Config>({.learned = false, .initial = std::exp(log_alpha)})};
  fixed.Update();
  for (const auto& [name, bytes] : fixed.Networks()) {
    CAPTURE(name);
    if (!name.starts_with("temperature")) REQUIRE(bytes != initial.at(name));
    for (std::size_t i = 0; i < bytes.size() / sizeof(Real); ++i) {
      REQUIRE(Number(bytes, i) == Approx(Number(after.at(name), i)).margin(1e-9));
    }
  }
}

}  // namespace

TEST_CASE("updates: targets follow the networks after their step", "[agent][laws]") {
  RequireTargetsFollow<Td3>(Td3Config{});
  RequireTargetsFollow<Ddpg>(DdpgConfig{});
  RequireTargetsFollow<Sac>(SacConfig{});
  RequireTargetsFollow<Tqc>(TqcConfig{});
}

TEST_CASE("updates: the order is that of the paper", "[agent][laws]") {
  RequireActorSeesNewCritic<Td3>(Td3Config{});
  RequireActorSeesNewCritic<Ddpg>(DdpgConfig{});
  RequireSoftOrder<Sac, SacConfig>();
  RequireSoftOrder<Tqc, TqcConfig>();
}

TEST_CASE("temperature: starts at 1 and shares no gradient with actor and critics",
          "[agent][laws]") {
  RequireSeparateTemperature<Sac, SacConfig>();
  RequireSeparateTemperature<Tqc, TqcConfig>();
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

}  // namespace update_laws
