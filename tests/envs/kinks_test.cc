// The derivatives on both sides of every kink that the descriptions name: clips, wraps, stops,
// friction, ends and steps of the reward.
#include <cmath>
#include <map>

#include "envs/registry/derivative_laws.h"
#include "envs/registry/registry.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

constexpr double kPi = 3.141592653589793;

StateAction At(const Vector& state, const Vector& action) { return {state, action}; }
Vector One(double a) { return Vector::Constant(1, a); }

using Samples = std::map<std::string, std::vector<StateAction>>;

// An action just inside or outside of its bound of ±1.
double Bound(double side, double off) { return side * (1 + off); }

// States and actions at a distance `off` from the kinks of each environment, on the given side of
// 0.
void GymnasiumKinks(double side, double off, Samples& near) {
  const double bound = Bound(side, off);
  const double turn = side * kPi + off;
  auto& pendulum = near["Pendulum-v1"];
  pendulum.push_back(At(Vector{{0.5, 1}}, One(2 * bound)));
  pendulum.push_back(At(Vector{{turn, 1}}, One(0.3)));
  pendulum.push_back(At(Vector{{0, side * 8 + off}}, One(0)));

  auto& car = near["MountainCarContinuous-v0"];
  car.push_back(At(Vector{{-0.5, 0.01}}, One(bound)));
  car.push_back(At(Vector{{-1.15 + off, -0.05}}, One(0.2)));
  car.push_back(At(Vector{{0.55 + off, 0.05}}, One(0.2)));
  car.push_back(At(Vector{{-0.5, side * 0.07 + 0.1 * off}}, One(0.2)));
  car.push_back(At(Vector{{0.42 + off, 0.03}}, One(0.2)));

  auto& cart_pole = near["CartPoleContinuous"];
  cart_pole.push_back(At(Vector{{0.1, 0.2, 0.05, 0.3}}, One(bound)));
  cart_pole.push_back(At(Vector{{side * 2.4 + off, 0, 0, 0}}, One(0.5)));
  near["CartPole-v1"].push_back(At(Vector{{0.1, 0.2, 0.05, 0.3}}, One(off)));

  auto& acrobot = near["AcrobotContinuous"];
  acrobot.push_back(At(Vector{{0.3, 0.2, 0.1, 0.2}}, One(bound)));
  acrobot.push_back(At(Vector{{turn, 0.2, 0, 0}}, One(0.2)));
  acrobot.push_back(At(Vector{{0.3, turn, 0, 0}}, One(0.2)));
  acrobot.push_back(At(Vector{{0.1, 0.1, side * 12.6, 0}}, One(0.2)));
  acrobot.push_back(At(Vector{{0.1, 0.1, 0, side * 28.5}}, One(0.2)));
  near["Acrobot-v1"].push_back(At(Vector{{0.3, 0.2, 0.1, 0.2}}, One(side * 0.5 + off)));
}

void ControlSuiteKinks(double side, double off, Samples& near) {
  const double bound = Bound(side, off);
  auto& suite_pendulum = near["PendulumSwingup"];
  suite_pendulum.push_back(At(Vector{{0.5, 1}}, One(bound)));
  suite_pendulum.push_back(At(Vector{{side * 8 * kPi / 180 + off, 0}}, One(0.1)));

  for (const char* name : {"CartPoleBalance", "CartPoleSwingup", "CartPoleSwingupSparse"}) {
    near[name].push_back(At(Vector{{0.1, 0.5, 0.2, 1}}, One(bound)));
    near[name].push_back(At(Vector{{side * 1.78 + off, 0.5, side * 2, 1}}, One(0.1)));
    near[name].push_back(At(Vector{{side * 0.25 + off, 0.02, 0, 0}}, One(0.1)));
    near[name].push_back(At(Vector{{0, side * 0.1 + off, 0, 0}}, One(0.1)));
  }

  auto& suite_acrobot = near["AcrobotSwingup"];
  suite_acrobot.push_back(At(Vector{{1, 0.5, 0.3, 0.2}}, One(bound)));
  suite_acrobot.push_back(At(Vector{{side * 0.1 + off, 0, 0, 0}}, One(0.1)));
}

void OwnKinks(double side, double off, Samples& near) {
  const double bound = Bound(side, off);
  const double turn = side * kPi + off;
  auto& upswing = near["CartPoleUpswing"];
  upswing.push_back(At(Vector{{0, 1, 2, 1}}, One(bound)));
  upswing.push_back(At(Vector{{0, off, 2, 1}}, One(0.1)));
  upswing.push_back(At(Vector{{0, 1, 2, 1}}, One(0.1)));
  upswing.push_back(At(Vector{{0, side, 0.1, 12}}, One(0.1)));  // the pole lifts the cart
  upswing.push_back(At(Vector{{0, 1, off, 0}}, One(0.1)));
  upswing.push_back(At(Vector{{0, 1, side * kPi / 2 + off, 0}}, One(0.1)));
  upswing.push_back(At(Vector{{0, 1, turn, 0.5}}, One(0.1)));
  upswing.push_back(At(Vector{{side * 400 + 10 * off, 1, 0.3, 0}}, One(0.1)));

  auto& poles = near["CartDoublePole"];
  poles.push_back(At(Vector{{0, 0.5, 2, 0.1, 1, -1}}, One(bound)));
  poles.push_back(At(Vector{{side * 2.96 + off, 0.5, 2, side * 2, 1, -1}}, One(0.1)));

  const Vector both{{0.2, bound}};
  near["Reacher2D"].push_back(At(Vector{{0.5, 1, 0.3, -0.5, 0.4, 0.3}}, both));
  for (const char* name : {"Quadrotor2DHover", "Quadrotor2DWaypoint"}) {
    near[name].push_back(At(Vector{{0.5, 1, 0.3, 1, 2, 3, 0.4, 0.3}}, both));
    near[name].push_back(At(Vector{{side * 5 + off, 1, 0.3, 0, 0, 1, 0, 0}}, both.reverse()));
  }
  near["DoubleIntegrator"].push_back(At(Vector{{0.5, -0.3}}, One(6 * bound)));
  near["LinearQuadratic"].push_back(At(Vector{{0.5, -0.3, 1}}, Vector{{bound, 0.1, -bound}}));
}

}  // namespace

TEST_CASE("derivatives hold on both sides of each kink", "[envs][laws]") {
  Samples near;
  for (const double side : {-1.0, 1.0}) {
    for (const double off : {-0.01, 0.01}) {
      GymnasiumKinks(side, off, near);
      ControlSuiteKinks(side, off, near);
      OwnKinks(side, off, near);
    }
  }
  for (const EnvironmentEntry& entry : Registry()) {
    INFO(entry.name);
    REQUIRE(near.contains(entry.name));
    CHECK_NOTHROW(CheckDerivativesAt(*entry.make(), near.at(entry.name)));
  }
}

TEST_CASE("the bounds of a clip count as inside", "[envs]") {
  StepDerivatives d;
  const auto pendulum = Make("Pendulum-v1");
  const Differentiable& derivatives = RequireDerivatives(*pendulum, "this test");
  for (const double side : {-1.0, 1.0}) {
    derivatives.Derivatives(Vector{{0.5, 1}}, One(side * 2), d);
    CHECK(d.dnext_daction(1, 0) == Approx(0.15));
    derivatives.Derivatives(Vector{{0.5, 1}}, One(side * 2.0001), d);
    CHECK(d.dnext_daction(1, 0) == 0);
  }
}

}  // namespace nabla::envs
