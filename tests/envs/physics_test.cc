// The tasks that have no reference obey laws of physics that their code does not use: they conserve
// energy without friction and lose it with friction, and simple motions have a closed form.
#include <cmath>

#include "envs/registry/registry.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

constexpr double kGravity = 9.81;  // m/s²

// The greatest |E − E₀| during `seconds` without an action, relative to `scale`.
template <class Energy>
double EnergyDrift(Environment& environment, const Vector& start, double seconds,
                   const Energy& energy, double scale) {
  environment.SetState(start);
  Vector observation(environment.spec().observation_size);
  const Vector nothing = Vector::Zero(environment.spec().action_size);
  const double first = energy(start);
  double drift = 0;
  for (double t = 0; t < seconds; t += environment.spec().time_step) {
    environment.Step(nothing, observation);
    drift = std::max(drift, std::abs(energy(environment.State()) - first));
  }
  return drift / scale;
}

// A pole (mass m, half length l, speed θ̇) on a cart that moves at ẋ.
double PoleEnergy(double m, double l, double x_dot, double theta, double theta_dot) {
  return 0.5 * m * x_dot * x_dot + m * l * x_dot * theta_dot * std::cos(theta) +
         0.5 * (4.0 / 3.0) * m * l * l * theta_dot * theta_dot + m * kGravity * l * std::cos(theta);
}

}  // namespace

TEST_CASE("CartPoleUpswing conserves energy without friction and loses it with friction",
          "[envs]") {
  const auto energy = [](const Vector& s) {
    return 0.5 * s[1] * s[1] + PoleEnergy(0.2, 0.5, s[1], s[2], s[3]);
  };
  const Vector start{{0, 0.5, 2.0, 3.0}};
  const auto environment = Make("CartPoleUpswing");
  environment->SetParameters(
      {{"track_friction", {0}}, {"hinge_friction", {0}}, {"time_step", {1e-4}}});
  CHECK(EnergyDrift(*environment, start, 3, energy, 1) < 2e-3);

  environment->SetParameters({{"track_friction", {0.1}}, {"hinge_friction", {0.01}}});
  environment->SetState(start);
  Vector observation(6);
  double before = energy(start);
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 1000; ++j) environment->Step(Vector::Zero(1), observation);
    CHECK(energy(environment->State()) < before);
    before = energy(environment->State());
  }
}

TEST_CASE("CartPoleUpswing gives the reward of its author's formula", "[envs]") {
  const auto environment = Make("CartPoleUpswing");
  Vector observation(6);
  const auto reward = [&](double degrees, double x, double action) {
    // At rest for a tiny step, so that the angle after it is the one before.
    environment->SetParameters({{"time_step", {1e-4}}});
    environment->SetState(Vector{{x, 0, degrees * std::acos(-1.0) / 180, 0}});
    return environment->Step(Vector::Constant(1, action), observation).reward;
  };
  CHECK(reward(0, 0, 0) == Approx(1));
  CHECK(reward(45, 0, 0) == Approx(std::pow(0.75, 10)).epsilon(1e-4));
  CHECK(reward(-45, 0, 0.5) == Approx(std::pow(0.75, 10) - 0.25).epsilon(1e-4));
  CHECK(reward(135, 0, 0) == Approx(std::pow(0.25, 10) - 0.5).epsilon(1e-4));
  CHECK(reward(180, 0, 2) == Approx(-1.5));
  CHECK(reward(360 + 45, 0, 0) == Approx(std::pow(0.75, 10)).epsilon(1e-4));
  CHECK(reward(0, 401, 0) == Approx(0).margin(1e-12));
  CHECK(reward(0, -399, 0) == Approx(1));
}

TEST_CASE("CartDoublePole conserves energy without friction", "[envs]") {
  const auto environment = Make("CartDoublePole");
  environment->SetParameters({{"hinge_friction", {0}}, {"time_step", {1e-3}}});
  const auto energy = [](const Vector& s) {
    return 0.5 * s[3] * s[3] + PoleEnergy(0.1, 0.5, s[3], s[1], s[4]) +
           PoleEnergy(0.05, 0.25, s[3], s[2], s[5]);
  };
  const Vector start{{0, 2.5, -1.0, 0.1, 1.0, -2.0}};
  CHECK(EnergyDrift(*environment, start, 5, energy, 1) < 1e-8);
}

TEST_CASE("CartDoublePole's rail conserves each pole's momentum about its hinge", "[envs]") {
  const auto environment = Make("CartDoublePole");
  environment->SetParameters({{"time_step", {1e-4}}});
  const auto momentum = [](double l, double x_dot, double theta, double theta_dot) {
    return 4.0 / 3.0 * l * theta_dot + x_dot * std::cos(theta);
  };
  Vector observation(8);
  for (const double side : {-1.0, 1.0}) {
    const Vector before{{side * (3 - 1e-5), 0.4, 2.0, side * 1.5, 0.5, -0.5}};
    environment->SetState(before);
    environment->Step(Vector::Zero(1), observation);
    const Vector after = environment->State();
    CHECK(after[0] == side * 3);
    CHECK(after[3] == 0);
    CHECK(momentum(0.5, 0, after[1], after[4]) ==
          Approx(momentum(0.5, before[3], before[1], before[4])).epsilon(0.01));
    CHECK(momentum(0.25, 0, after[2], after[5]) ==
          Approx(momentum(0.25, before[3], before[2], before[5])).epsilon(0.01));
  }
}

TEST_CASE("Reacher2D conserves energy without damping and reaches as far as its links", "[envs]") {
  const auto environment = Make("Reacher2D");
  environment->SetParameters({{"damping", {0}}, {"time_step", {1e-3}}});
  // Two uniform rods of 1 kg and 0.5 m: the speeds of their centres, and their spin.
  const auto energy = [](const Vector& s) {
    const double l = 0.5, w1 = s[2], w2 = s[2] + s[3], between = std::cos(s[1]);
    const double centre_2 = l * l * w1 * w1 + 0.25 * l * l * w2 * w2 + l * l * w1 * w2 * between;
    return 0.5 * (0.25 * l * l * w1 * w1 + centre_2) + 0.5 * l * l / 12 * (w1 * w1 + w2 * w2);
  };
  const Vector start{{0.3, 1.0, 2.0, -1.0, 0.2, 0.2}};
  CHECK(EnergyDrift(*environment, start, 5, energy, 1) < 1e-8);

  Vector observation(8);
  environment->SetState(
      Vector{{0, 0, 0, 0, 0, 1.0}});  // stretched towards +y, the target at the tip
  environment->Observe(observation);
  CHECK(observation.tail(2).norm() < 1e-12);
  CHECK(environment->Step(Vector::Zero(2), observation).reward == Approx(1));
}

TEST_CASE("a quadrotor hovers, falls and turns by the equations", "[envs]") {
  const auto environment = Make("Quadrotor2DHover");
  const double h = environment->spec().time_step;
  Vector observation(7);
  environment->SetState(Vector::Zero(8));
  const StepResult hover = environment->Step(Vector::Zero(2), observation);
  CHECK(environment->State().norm() < 1e-12);
  CHECK(hover.reward == Approx(1));
  CHECK_FALSE(hover.terminated);

  // Held at a tilt φ the acceleration is (−g sin φ, g (cos φ − 1)).
  const double tilt = 0.3;
  environment->SetState(Vector{{0, 0, tilt, 0, 0, 0, 0, 0}});
  for (int i = 0; i < 10; ++i) environment->Step(Vector::Zero(2), observation);
  Vector s = environment->State();
  CHECK(s[3] == Approx(-kGravity * std::sin(tilt) * 10 * h));
  CHECK(s[4] == Approx(kGravity * (std::cos(tilt) - 1) * 10 * h));
  CHECK(s[0] == Approx(0.5 * s[3] * 10 * h));

  // The right rotor alone at full: φ̈ = l · ½ m g · span / I.
  environment->SetState(Vector::Zero(8));
  environment->Step(Vector{{1, 0}}, observation);
  CHECK(environment->State()[5] == Approx(0.25 * 0.5 * 0.486 * kGravity * 0.5 / 0.00383 * h));

  environment->SetState(Vector{{4.999, 0, 0, 5, 0, 0, 0, 0}});
  const StepResult out = environment->Step(Vector::Zero(2), observation);
  CHECK(out.terminated);
  CHECK(out.reward == 0);
}

}  // namespace nabla::envs
