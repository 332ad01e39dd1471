// The deterministic policy gradient (double): one Vjp through the critic and one through the actor
// equal the product with the materialised weight Jacobian, and central differences of mean
// Q(s, μ_θ(s)) in θ.
#include "agent/learner.h"
#include "agent/td3.h"
#include "nn/network_config.h"
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

double MeanValue(const nn::Network& actor, const nn::Network& critic, const Matrix& observation) {
  nn::Tape actor_tape = actor.MakeTape(kBatch), critic_tape = critic.MakeTape(kBatch);
  Matrix input(kObservation + kAction, kBatch);
  input << observation, actor.Evaluate(observation, actor_tape);
  return critic.Evaluate(input, critic_tape).mean();
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
  Learner actor(Random(kObservation, kAction, "tanh"), {}, kBatch);
  Learner critic(Random(kObservation + kAction, 1, "identity"), {}, kBatch);
  Batch batch(kObservation, kAction, kBatch);
  batch.data().setRandom();
  const Matrix observation = batch.observation();
  const Vector theta = actor.network.parameters();
  const Vector critic_theta = critic.network.parameters();

  // The same passes as AscendCritic's, the parameter gradient kept.
  const Matrix ascent = Matrix::Constant(1, kBatch, Real(1) / kBatch);
  Matrix action_gradient(kAction, kBatch);
  batch.action() = actor.network.Forward(batch.observation(), actor.tape);
  critic.network.Forward(batch.observation_action(), critic.tape);
  MatrixRef action_rows = action_gradient;
  critic.network.Vjp(critic.tape, ascent, nullptr, &action_rows, kObservation);
  Vector gradient = Vector::Zero(actor.network.parameter_count());
  actor.network.Vjp(actor.tape, action_gradient, &gradient, nullptr);

  Vector product = Vector::Zero(gradient.size());
  for (Index b = 0; b < kBatch; ++b) {
    product +=
        WeightJacobian(actor.network, observation.col(b)).transpose() * action_gradient.col(b);
  }
  REQUIRE(RelativeError(gradient, product) < 1e-13);

  nn::Network moved = actor.network;
  const auto value = [&](const Eigen::VectorXd& at) {
    moved.parameters() = at;
    return Eigen::VectorXd::Constant(1, MeanValue(moved, critic.network, observation));
  };
  REQUIRE(RelativeError(gradient.transpose(), CentralDifferences(value, theta)) < 1e-7);

  // And AscendCritic takes one Adam step along it, which moves the actor alone.
  const double before = MeanValue(actor.network, critic.network, observation);
  const double reported = AscendCritic(actor, critic, batch, -ascent, action_gradient);
  REQUIRE(reported == Approx(before).epsilon(1e-12));
  REQUIRE(critic.network.parameters() == critic_theta);
  const Vector first_step = actor.network.parameters() - theta;
  for (Index i = 0; i < gradient.size(); ++i) {  // Adam's first step is α g / (|g| + ε)
    REQUIRE(first_step[i] ==
            Approx(1e-3 * gradient[i] / (std::abs(gradient[i]) + 1e-8)).margin(1e-12));
  }
}

TEST_CASE("actor gradient: climbs a quadratic Q to its known maximum", "[agent]") {
  // Q(s, a) = −(a − g·s)²: the actor must become μ(s) = g·s. The critic is the quadratic itself,
  // as residual to a target, so only the actor's pass is under test.
  const double g = 0.4;
  nn::Network network = nn::MakeNetwork({.hidden = {}, .activation = "silu"}, 1, 1, "identity");
  network.parameters().setConstant(0.1);
  Learner actor(network, {.learning_rate = 0.01}, 8);
  const Matrix s = Matrix::Random(1, 8);
  for (int step = 0; step < 2000; ++step) {
    const Matrix a = actor.network.Forward(s, actor.tape);
    actor.Descend(2 * (a - g * s) / 8);  // −∇_a Q / B
  }
  REQUIRE(actor.network.parameters()[0] == Approx(g).margin(1e-3));
  REQUIRE(actor.network.parameters()[1] == Approx(0).margin(1e-3));
}

TEST_CASE("targets: a terminal step does not bootstrap, the smaller critic counts", "[agent]") {
  Batch batch(1, 1, 3);
  batch.data().setZero();
  batch.reward() << 1, 2, 3;
  batch.discount() << 0.5, 0, 0.5;
  const Matrix q1 = (Matrix(1, 3) << 10, 20, 30).finished();
  const Matrix q2 = (Matrix(1, 3) << 11, 19, 25).finished();
  const std::array<const Matrix*, 2> q = {&q1, &q2};
  Matrix y(1, 3);
  MinimumTarget(q, batch, y);
  REQUIRE(y == (Matrix(1, 3) << 6, 2, 15.5).finished());
}

TEST_CASE("targets: the smoothing noise is clipped and the action stays in its bounds", "[agent]") {
  Rng rng(3);
  Target actor(Random(kObservation, kAction, "tanh"), 200);
  Batch batch(kObservation, kAction, 200);
  batch.data().setRandom();
  SmoothedTargetAction(actor, 0, 0.5, rng, batch);
  const Matrix plain = batch.next_action();
  SmoothedTargetAction(actor, 10, 0.3, rng, batch);
  const Matrix noise = batch.next_action() - plain;
  REQUIRE(noise.cwiseAbs().maxCoeff() <= 0.3 + 1e-12);
  REQUIRE(noise.cwiseAbs().maxCoeff() > 0.29);
  REQUIRE(batch.next_action().cwiseAbs().maxCoeff() <= 1);
}

TEST_CASE("regression: the step follows the weights, and only where they are asked for",
          "[agent]") {
  const nn::Network network = Random(kObservation + kAction, 1, "identity");
  Batch batch(kObservation, kAction, kBatch);
  batch.data().setRandom();
  batch.weight() = (Matrix::Random(1, kBatch).array() + 2) / 3;
  const Matrix y = Matrix::Random(1, kBatch);
  for (const bool weighted : {false, true}) {
    CAPTURE(weighted);
    batch.set_weighted(weighted);
    const Matrix weight = weighted ? batch.weight() : Matrix::Ones(1, kBatch);
    const auto loss = [&](const Eigen::VectorXd& theta) {
      nn::Network moved = network;
      moved.parameters() = theta;
      nn::Tape tape = moved.MakeTape(kBatch);
      const Matrix residual = moved.Evaluate(batch.observation_action(), tape) - y;
      return Eigen::VectorXd::Constant(1, weight.cwiseProduct(residual.cwiseAbs2()).mean());
    };
    Learner critic(network, {}, kBatch);
    Matrix residual(1, kBatch), cotangent(1, kBatch);
    REQUIRE(Regress(critic, batch, y, residual, cotangent) ==
            Approx(loss(network.parameters())[0]));
    nn::Tape tape = network.MakeTape(kBatch);
    REQUIRE(residual.isApprox(network.Evaluate(batch.observation_action(), tape) - y));
    Vector gradient = Vector::Zero(network.parameter_count());
    network.Forward(batch.observation_action(), tape);
    network.Vjp(tape, cotangent, &gradient, nullptr);
    REQUIRE(RelativeError(gradient.transpose(), CentralDifferences(loss, network.parameters())) <
            1e-7);
  }
}

TEST_CASE("regression: the errors reported are means over the critics", "[agent]") {
  Batch batch(1, 1, 2);
  const Matrix first = (Matrix(1, 2) << 1, -2).finished();
  const Matrix second = (Matrix(1, 2) << -3, -4).finished();
  const std::array<const Matrix*, 2> residuals = {&first, &second};
  ReportErrors(residuals, batch);
  REQUIRE(batch.td_error() == (Matrix(1, 2) << 2, 3).finished());
}
