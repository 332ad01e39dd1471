// The Optimizer interface: other optimisers than Adam train every algorithm without changes to it.
#include "agent/learning/optimizer.h"

#include <Eigen/Cholesky>

#include "agent/algorithms/algorithms.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

namespace {

// θ ← θ − α Jᵀc
class Sgd : public Optimizer {
 public:
  explicit Sgd(double rate) : rate_(static_cast<Real>(rate)) {}
  Requirements Needs() const override { return {}; }
  void SetProgress(double) override {}
  void Step(const ConstMatrixRef& cotangent, const Matrix*, nn::Tape& tape,
            nn::Network& network) override {
    Vector gradient = Vector::Zero(network.parameter_count());
    network.Vjp(tape, cotangent, &gradient, nullptr);
    network.parameters() -= rate_ * gradient;
  }
  void Serialize(const StateArchive&) override {}

 private:
  Real rate_;
};

// θ ← θ − (Jᵀ diag(h) J + λ I)⁻¹ Jᵀ c, solved in the space of the outputs (Woodbury identity):
//   δ = 1/λ (Jᵀc − Jᵀ √h (λ I + √h J Jᵀ √h)⁻¹ √h J Jᵀ c)
class GaussNewton : public Optimizer {
 public:
  explicit GaussNewton(double damping) : damping_(static_cast<Real>(damping)) {}
  Requirements Needs() const override { return {.tape = {.jacobian = true}, .curvature = true}; }
  void SetProgress(double) override {}
  void Step(const ConstMatrixRef& cotangent, const Matrix* curvature, nn::Tape& tape,
            nn::Network& network) override {
    const Index rows = cotangent.size();
    Matrix jacobian(rows, network.parameter_count());
    network.WeightJacobian(tape, jacobian);
    const Vector c = cotangent.reshaped();
    const Vector h = curvature != nullptr
                         ? Vector(curvature->reshaped())
                         : Vector::Constant(rows, Real(1) / static_cast<Real>(cotangent.cols()));
    seen_curvature += curvature != nullptr;
    const Matrix scaled = h.cwiseSqrt().asDiagonal() * jacobian;
    Matrix gram = scaled * scaled.transpose();
    gram.diagonal().array() += damping_;
    const Vector gradient = jacobian.transpose() * c;
    const Vector inner = gram.ldlt().solve(scaled * gradient);
    network.parameters() -= (gradient - scaled.transpose() * inner) / damping_;
  }
  void Serialize(const StateArchive&) override {}

  static inline int seen_curvature = 0;

 private:
  Real damping_;
};

struct Trained {
  double first_loss, last_loss;
};

// Trains the critics of an algorithm on the rewards of one batch (γ = 0).
Trained Train(const std::string& algorithm, const OptimizerFactory& factory) {
  AlgorithmConfig config = DefaultConfig(algorithm);
  ActorCriticConfig& shared = SharedConfig(config);
  shared.actor = shared.critic = {.hidden = {12, 12}, .activation = "tanh"};
  shared.batch_size = 24;
  if (auto* tqc = std::get_if<TqcConfig>(&config)) tqc->quantiles = 5;
  envs::Spec spec;
  spec.observation_size = 3;
  spec.action_size = 2;
  spec.action_low = envs::Vector::Constant(2, -1);
  spec.action_high = envs::Vector::Constant(2, 1);
  Rng initialization(1), rng(2);
  Workers workers(1);
  const auto agent = MakeAgent(config, {.observation_size = 3,
                                        .bounds = ActionBounds(spec),
                                        .normalize_observations = false,
                                        .initialization = initialization,
                                        .workers = workers,
                                        .make_optimizer = factory});
  std::srand(3);
  Batch batch(3, 2, 24);
  batch.data().setRandom();
  batch.discount().setZero();
  const Matrix data = batch.data();
  Trained result{};
  for (int update = 0; update < 100; ++update) {
    batch.data() = data;
    Metric& loss = agent->metrics().list().front();
    loss.sum = 0, loss.count = 0;
    agent->Update(batch, 0, rng);
    result.last_loss = loss.Mean();
    if (update == 0) result.first_loss = loss.Mean();
  }
  return result;
}

}  // namespace

TEST_CASE("optimizer: plain gradient descent trains every algorithm", "[agent][laws]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    CAPTURE(algorithm.name);
    const Trained trained = Train(
        algorithm.name, [](const OptimizerConfig&, double, Index) -> std::unique_ptr<Optimizer> {
          return std::make_unique<Sgd>(0.2);
        });
    CHECK(trained.last_loss < 0.9 * trained.first_loss);
  }
}

TEST_CASE("optimizer: Gauss-Newton trains every algorithm", "[agent][laws]") {
  for (const AlgorithmEntry& algorithm : Algorithms()) {
    CAPTURE(algorithm.name);
    GaussNewton::seen_curvature = 0;
    const Trained trained = Train(
        algorithm.name, [](const OptimizerConfig&, double, Index) -> std::unique_ptr<Optimizer> {
          return std::make_unique<GaussNewton>(0.1);
        });
    CHECK(GaussNewton::seen_curvature > 0);
    CHECK(trained.last_loss < 0.2 * trained.first_loss);
  }
}
