// The gradients of the actor and critic updates (double), recovered from the first step of the
// optimiser and compared with central differences. For the deterministic policy gradient, one Vjp
// of the critic and one of the actor equal the product with the full weight Jacobian, and central
// differences of mean Q(s, μ_θ(s)) in θ.
#include <algorithm>
#include <utility>

#include "agent/learning/deterministic_actor.h"
#include "agent/learning/gaussian_actor.h"
#include "tests/agent/algorithms/first_step.h"
#include "tests/support/catch.h"
#include "tests/support/finite_difference.h"

using namespace nabla;
using namespace nabla::agent;
using nabla::test::CentralDifferences;
using nabla::test::RelativeError;

namespace {

constexpr Index kObservation = 4, kAction = 2, kBatch = 6;

nn::Network Random(Index in, Index out, const std::string& last) {
  nn::Network network = nn::MakeNetwork({.hidden = {7, 5}, .activation = "silu"}, in, out, last);
  network.parameters() = Vector::Random(network.parameter_count());
  return network;
}

const nn::NetworkConfig kSmall{.hidden = {7, 5}, .activation = "silu"};

Critics NewCritics(const nn::NetworkConfig& network, Index batch, Index observation_size,
                   Index action_size, const EnsembleConfig& ensemble, Workers& workers) {
  Rng rng(11);
  ActorCriticConfig config;
  config.critic = network;
  config.optimizer = kFirstStep;
  config.critic_learning_rate = 1;
  config.batch_size = static_cast<int>(batch);
  envs::Spec spec;
  spec.action_low = envs::Vector::Constant(action_size, -1);
  spec.action_high = envs::Vector::Constant(action_size, 1);
  return Critics(config, ensemble,
                 {.observation_size = observation_size,
                  .bounds = ActionBounds(spec),
                  .normalize_observations = false,
                  .initialization = rng,
                  .workers = workers});
}

Critics RandomCritics(const EnsembleConfig& ensemble, Workers& workers) {
  return NewCritics(kSmall, kBatch, kObservation, kAction, ensemble, workers);
}

Batch RandomBatch() {
  Batch batch(kObservation, kAction, kBatch);
  batch.data().setRandom();
  batch.weight() = (Matrix::Random(1, kBatch).array() + 2) / 3;
  return batch;
}

// The values [N, B] of the critics.
Matrix Values(const Critics& critics, const Matrix& input) {
  Matrix values(static_cast<Index>(critics.size()), kBatch);
  for (std::size_t i = 0; i < critics.size(); ++i) {
    nn::Tape tape = critics.network(i).MakeTape(kBatch);
    values.row(static_cast<Index>(i)) = critics.network(i).Evaluate(input, tape);
  }
  return values;
}

// 1/B Σ_b Q̄(s_b, a_b), where Q̄ is the value that the actor maximises.
double ActorValue(const Critics& critics, ActorReduction reduction, const Matrix& observation,
                  const Matrix& action) {
  Matrix input(kObservation + kAction, kBatch);
  input << observation, action;
  const Matrix values = Values(critics, input);
  if (reduction == ActorReduction::kFirst) return values.row(0).mean();
  return reduction == ActorReduction::kMin ? values.colwise().minCoeff().mean() : values.mean();
}

// Sets the parameters of the first critic, by restoring a checkpoint.
class ParameterSetter : public StateBackend {
 public:
  explicit ParameterSetter(const Vector& theta) : theta_(theta) {}
  bool restoring() const override { return true; }
  void Tensor(const std::string& name, TensorFile, const TensorSlot& slot) override {
    if (!name.starts_with("critics.0.")) return;
    const Index count = slot.rows * slot.cols;
    std::copy_n(theta_.data() + next_, count, reinterpret_cast<Real*>(slot.data));
    next_ += count;
  }
  void Scalar(const std::string&, Section, const ScalarSlot&) override {}

 private:
  const Vector& theta_;
  Index next_ = 0;
};

void SetNetwork(Critics& critics, const Vector& theta) {
  ParameterSetter setter(theta);
  critics.SerializeNetworks(StateArchive(setter));
}

// A deterministic actor with Adam.
DeterministicActor NewActor(nn::Network& network, const OptimizerConfig& optimizer,
                            double learning_rate, Index batch,
                            const ActorUpdateConfig& update = {}) {
  return DeterministicActor(network, MakeAdam(optimizer, learning_rate, network.parameter_count()),
                            batch, update);
}

// One update of the actor. Returns the objective that it reports.
template <class... Arguments>
double Objective(Index batch, auto& actor, Arguments&&... arguments) {
  UpdateMetrics metrics(batch, GaussianActor::kMetrics);
  actor.Learn(std::forward<Arguments>(arguments)..., metrics);
  return metrics.list()[1].Mean();
}

// J_μ(s) [a, P], row by row.
Matrix WeightJacobian(const nn::Network& actor, const Vector& observation) {
  nn::Tape tape = actor.MakeTape(1);
  Matrix jacobian(kAction, actor.parameter_count());
  for (Index i = 0; i < kAction; ++i) {
    actor.Forward(observation, tape);
    Vector row = Vector::Zero(actor.parameter_count());
    actor.Vjp(tape, Matrix::Identity(kAction, kAction).col(i), &row, nullptr);
    jacobian.row(i) = row;
  }
  return jacobian;
}

}  // namespace

TEST_CASE("actor gradient: equals grad_a Q times the weight Jacobian and central differences",
          "[agent][laws]") {
  Workers workers(2);
  for (const ActorReduction reduction :
       {ActorReduction::kFirst, ActorReduction::kMin, ActorReduction::kMean}) {
    CAPTURE(static_cast<int>(reduction));
    nn::Network network = Random(kObservation, kAction, "tanh");
    DeterministicActor actor = NewActor(network, kFirstStep, 1, kBatch);
    Critics critics = RandomCritics({.size = 3, .actor = reduction}, workers);
    Batch batch = RandomBatch();
    const Matrix observation = batch.observation();
    const nn::Network before = network;
    const Vector critic_theta = critics.network(0).parameters();
    const auto value = [&](const Eigen::VectorXd& theta) {
      nn::Network moved = before;
      moved.parameters() = theta;
      nn::Tape tape = moved.MakeTape(kBatch);
      return Eigen::VectorXd::Constant(
          1, ActorValue(critics, reduction, observation, moved.Evaluate(observation, tape)));
    };

    const double objective = Objective(kBatch, actor, critics, batch);
    Matrix action_gradient(kAction, kBatch);  // the action rows still hold μ(s) before the step
    critics.DescendInAction(batch, action_gradient);
    REQUIRE(objective == Approx(value(before.parameters())[0]).epsilon(1e-12));
    const Vector gradient = -FirstStepGradient(before.parameters(), network.parameters());
    Vector product = Vector::Zero(gradient.size());
    for (Index b = 0; b < kBatch; ++b) {
      product -= WeightJacobian(before, observation.col(b)).transpose() * action_gradient.col(b);
    }
    REQUIRE(RelativeError(gradient, product) < 1e-10);
    REQUIRE(RelativeError(gradient.transpose(), CentralDifferences(value, before.parameters())) <
            1e-7);
    REQUIRE(critics.network(0).parameters() == critic_theta);  // only the actor changes
  }
}

TEST_CASE("actor gradient: one step of action improvement is the policy gradient", "[agent]") {
  Workers workers(1);
  const nn::Network start = Random(kObservation, kAction, "tanh");
  const auto gradient = [&](const ActorUpdateConfig& update) {
    nn::Network network = start;
    DeterministicActor actor = NewActor(network, kFirstStep, 1, kBatch, update);
    Critics critics = RandomCritics({.actor = ActorReduction::kFirst}, workers);
    std::srand(5);
    Batch batch = RandomBatch();
    Objective(kBatch, actor, critics, batch);
    return FirstStepGradient(start.parameters(), network.parameters());
  };
  const Vector policy = gradient({});
  const double rate = 1e-4;
  const Vector improved = gradient({.actor_update = ActorUpdate::kActionImprovement,
                                    .improvement_steps = 1,
                                    .improvement_rate = rate});
  REQUIRE(RelativeError(improved, rate * policy) < 1e-9);
}

TEST_CASE("actor gradient: regression to improved actions increases Q", "[agent]") {
  Workers workers(1);
  Critics critics = RandomCritics({.actor = ActorReduction::kFirst}, workers);
  Batch batch = RandomBatch();
  Rng rng(2);
  nn::Network network = NewNetwork(kSmall, kObservation, kAction, "tanh", rng);
  DeterministicActor actor =
      NewActor(network, {}, 1e-3, kBatch,
               {.actor_update = ActorUpdate::kActionImprovement, .improvement_rate = 0.1});
  double before = 0, after = 0;
  for (int update = 0; update < 1000; ++update) {
    after = Objective(kBatch, actor, critics, batch);
    if (update == 0) before = after;
  }
  REQUIRE(after > before + 0.02);
}

TEST_CASE("actor gradient: reaches the known maximum of a quadratic Q", "[agent]") {
  // Q(s, a) = −(a − g s)² as a critic: a layer W [s; a] + b with the activation "square", and a
  // last layer with weight −1. The actor must converge to μ(s) = g s.
  const double g = 0.4;
  Workers workers(1);
  Critics critics =
      NewCritics({.hidden = {1}, .activation = "square"}, 8, 1, 1, {.size = 1}, workers);
  nn::Network q = critics.network(0);
  q.parameters() << -g, 1, 0, -1, 0;
  SetNetwork(critics, q.parameters());
  nn::Network network = nn::MakeNetwork({.hidden = {}, .activation = "silu"}, 1, 1, "identity");
  network.parameters().setConstant(0.1);
  DeterministicActor actor = NewActor(network, {}, 0.01, 8);
  Batch batch(1, 1, 8);
  batch.data().setRandom();
  double objective = -1;
  for (int step = 0; step < 2000; ++step) objective = Objective(8, actor, critics, batch);
  REQUIRE(objective == Approx(0).margin(1e-6));
  REQUIRE(network.parameters()[0] == Approx(g).margin(1e-3));
  REQUIRE(network.parameters()[1] == Approx(0).margin(1e-3));
}

TEST_CASE("targets: the smoothing noise is clipped and the action stays in its bounds", "[agent]") {
  Rng rng(3);
  nn::Network network = Random(kObservation, kAction, "tanh");
  DeterministicActor actor = NewActor(network, {}, 1, 200);
  Batch batch(kObservation, kAction, 200);
  batch.data().setRandom();
  actor.TargetAction(0, 0.5, rng, batch);
  const Matrix plain = batch.next_action();
  actor.TargetAction(10, 0.3, rng, batch);
  const Matrix noise = batch.next_action() - plain;
  REQUIRE(noise.cwiseAbs().maxCoeff() <= 0.3 + 1e-12);
  REQUIRE(noise.cwiseAbs().maxCoeff() > 0.29);
  REQUIRE(batch.next_action().cwiseAbs().maxCoeff() <= 1);
}

TEST_CASE("soft actor gradient: equals central differences of alpha log pi - Q", "[agent][laws]") {
  Workers workers(1);
  const double alpha = 0.3;
  for (const ActorReduction reduction : {ActorReduction::kMin, ActorReduction::kMean}) {
    CAPTURE(static_cast<int>(reduction));
    Rng initialization(4);
    nn::Network policy = NewGaussianHead(kSmall, kObservation, kAction, initialization);
    GaussianActor actor(policy, MakeAdam(kFirstStep, 1, policy.parameter_count()), kBatch);
    Critics critics = RandomCritics({.actor = reduction}, workers);
    Batch batch = RandomBatch();
    batch.observation() *= 3;
    const Matrix observation = batch.observation();
    const nn::Network before = policy;
    const auto loss = [&](const Eigen::VectorXd& theta) {
      nn::Network moved = before;
      moved.parameters() = theta;
      nn::Tape tape = moved.MakeTape(kBatch);
      const Matrix head = moved.Evaluate(observation, tape);
      Matrix noise(kAction, kBatch);
      Rng rng(9);
      for (Index i = 0; i < noise.size(); i += 2) {
        const auto pair = rng.NormalPair();
        noise.data()[i] = pair[0], noise.data()[i + 1] = pair[1];
      }
      const Matrix l = head.bottomRows(kAction);
      const Matrix u = head.topRows(kAction).array() + l.array().exp() * noise.array();
      const Matrix a = u.array().tanh();
      const double log_pi = (-noise.array().square() / 2 - l.array() - std::log(2 * M_PI) / 2 -
                             (1 - a.array().square()).log())
                                .sum() /
                            kBatch;
      return Eigen::VectorXd::Constant(
          1, alpha * log_pi - ActorValue(critics, reduction, observation, a));
    };
    Rng rng(9);
    actor.Sample(batch, rng);
    const double objective = Objective(kBatch, actor, alpha, critics, batch);
    REQUIRE(-objective == Approx(loss(before.parameters())[0]).epsilon(1e-9));
    const Vector gradient = FirstStepGradient(before.parameters(), policy.parameters());
    REQUIRE(RelativeError(gradient.transpose(), CentralDifferences(loss, before.parameters())) <
            1e-7);
  }
}

TEST_CASE("critic gradient: equals central differences of the weighted square", "[agent][laws]") {
  Workers workers(2);
  Critics critics = RandomCritics({}, workers);
  Batch batch = RandomBatch();
  const Matrix input = batch.observation_action();
  const Matrix y = Matrix::Random(1, kBatch), weight = batch.weight();
  std::vector<nn::Network> before = {critics.network(0), critics.network(1)};
  const Matrix error = (Values(critics, input).row(0) - y).cwiseAbs();
  const double reported = critics.RegressTo(y, 0.5, batch);
  REQUIRE(batch.td_error().isApprox(error));
  double mean = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto loss = [&](const Eigen::VectorXd& theta) {
      nn::Network moved = before[i];
      moved.parameters() = theta;
      nn::Tape tape = moved.MakeTape(kBatch);
      const Matrix residual = moved.Evaluate(input, tape) - y;
      return Eigen::VectorXd::Constant(1, weight.cwiseProduct(residual.cwiseAbs2()).mean() / 2);
    };
    mean += loss(before[i].parameters())[0] / 2;
    const Vector gradient =
        FirstStepGradient(before[i].parameters(), critics.network(i).parameters());
    REQUIRE(RelativeError(gradient.transpose(), CentralDifferences(loss, before[i].parameters())) <
            1e-7);
  }
  REQUIRE(reported == Approx(mean));
}

TEST_CASE("targets: a terminal step does not bootstrap, the ensemble is reduced as configured",
          "[agent]") {
  Workers workers(1);
  Batch batch = RandomBatch();
  const Matrix next = batch.next_observation_action();
  Rng rng(1);
  for (const TargetReduction reduction : {TargetReduction::kMin, TargetReduction::kMean}) {
    Critics critics = RandomCritics({.size = 3, .target = reduction}, workers);
    const Matrix values = Values(critics, next);  // initially, targets are copies
    Matrix y(1, kBatch);
    critics.MinOrMeanTarget(batch, rng, y);
    const Matrix expected = reduction == TargetReduction::kMin ? Matrix(values.colwise().minCoeff())
                                                               : Matrix(values.colwise().mean());
    REQUIRE(y.isApprox(expected));
    batch.discount() << 0.9, 0.9, 0, 0.5, 0, 0.9;
    Bootstrap(batch, y);
    REQUIRE(y(0, 2) == batch.reward()(0, 2));
    REQUIRE(y(0, 3) == Approx(batch.reward()(0, 3) + 0.5 * expected(0, 3)));
  }
}

TEST_CASE("targets: random subsets have the configured size, and every critic is drawn",
          "[agent]") {
  Workers workers(1);
  Batch batch = RandomBatch();
  Rng rng(1);
  Critics critics = RandomCritics({.size = 5, .target_subset = 2}, workers);
  std::map<const Matrix*, int> seen;
  for (int draw = 0; draw < 1000; ++draw) {
    critics.EvaluateTargets(batch, rng);
    REQUIRE(critics.target_count() == 2);
    REQUIRE(&critics.target(0) != &critics.target(1));
    for (const std::size_t k : {0, 1}) ++seen[&critics.target(k)];
  }
  REQUIRE(seen.size() == 5);
  for (const auto& [critic, count] : seen) {  // 400 ± 5 standard deviations
    REQUIRE(count > 320);
    REQUIRE(count < 480);
  }
  REQUIRE_THROWS_WITH(RandomCritics({.size = 2, .target_subset = 3}, workers),
                      nabla::test::ContainsText("target_subset is 3"));
}
