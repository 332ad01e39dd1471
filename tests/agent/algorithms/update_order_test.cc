// The order and the delays of the steps of an update, the networks that it changes, and what the
// steps share (double).
#include <type_traits>

#include "tests/agent/algorithms/subject.h"

namespace nabla::agent::update_laws {

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

}  // namespace nabla::agent::update_laws
