// Many copies at once in float (FloatBatch): the same physics as in double.
#include "envs/core/float_batch.h"

#include <cmath>
#include <limits>

#include "envs/core/pack.h"
#include "envs/registry/environment_config.h"
#include "tests/envs/traces.h"
#include "tests/support/catch.h"

namespace nabla::envs {
namespace {

Matrix RandomActions(const Spec& spec, int copies, Rng& rng) {
  Matrix actions(spec.action_size, copies);
  for (int j = 0; j < copies; ++j) {
    for (int i = 0; i < spec.action_size; ++i) {
      actions(i, j) = rng.Uniform(spec.action_low[i], spec.action_high[i]);
    }
  }
  return actions;
}

}  // namespace

TEST_CASE("pack functions agree with the standard library", "[envs]") {
  Rng rng(5);
  double sine = 0, cosine = 0, exponential = 0, wrap = 0, root = 0;
  for (int i = 0; i < 20000; ++i) {
    Pack x;
    const double reach = i % 3 == 0 ? 1 : i % 3 == 1 ? 20 : 8000;
    for (int lane = 0; lane < kPackSize; ++lane) {
      x.v[lane] = static_cast<float>(rng.Uniform(-reach, reach));
    }
    const Pack s = Sin(x), c = Cos(x), e = Exp(Clamp(x, -80, 80)), w = WrapAngle(x);
    const Pack r = Sqrt(Abs(x));
    for (int lane = 0; lane < kPackSize; ++lane) {
      const double v = x.v[lane], short_v = std::clamp(v, -80.0, 80.0);
      sine = std::max(sine, std::abs(s.v[lane] - std::sin(v)));
      cosine = std::max(cosine, std::abs(c.v[lane] - std::cos(v)));
      exponential = std::max(exponential, std::abs(e.v[lane] / std::exp(short_v) - 1));
      wrap = std::max(wrap, std::abs(std::sin((w.v[lane] - v) / 2)) / std::max(1.0, std::abs(v)));
      CHECK(std::abs(w.v[lane]) <= static_cast<float>(kPi) + 1e-6f * static_cast<float>(reach));
      root = std::max(root, std::abs(r.v[lane] - std::sqrt(std::abs(v))) / (1 + std::sqrt(reach)));
    }
  }
  CHECK(sine < 2e-7);
  CHECK(cosine < 2e-7);
  CHECK(exponential < 3e-7);
  CHECK(wrap < 2e-7);
  CHECK(root < 1e-7);
  CHECK(Exp(Pack(-200)).v[0] == 0);
  CHECK(Sign(Pack(-3)).v[3] == -1);
  CHECK(Sign(Pack(0)).v[3] == 0);
}

TEST_CASE("the wrapped angle is Python's, bit for bit", "[envs]") {
  const auto modulo = [](double x) {
    double wrapped = std::fmod(x + kPi, 2 * kPi);
    if (wrapped < 0) wrapped += 2 * kPi;
    return wrapped - kPi;
  };
  Rng rng(6);
  for (int i = 0; i < 200000; ++i) {
    const double reach = i % 3 == 0 ? 4 : i % 3 == 1 ? 1000 : 1e12;
    // Every fourth angle is within a few units in the last place of an odd multiple of π.
    const double multiple = 2 * std::floor(rng.Uniform(-30, 30)) + 1;
    const double close = multiple * kPi * (1 + (static_cast<double>(rng.Below(9)) - 4) * 0x1p-53);
    const double x = i % 4 == 0 ? close : rng.Uniform(-reach, reach);
    if (WrapAngle(x) != modulo(x)) FAIL(x);
  }
}

TEST_CASE("an angle wrapped by turns lies in ±π, whatever its size", "[envs]") {
  constexpr double kFull = 2 * kPi;
  Rng rng(7);
  for (int i = 0; i < 20000; ++i) {
    const double x = rng.Uniform(-1, 1) * std::pow(10, rng.Uniform(0, 3.5));
    double turned = x;
    while (turned > kPi) turned -= kFull;
    while (turned < -kPi) turned += kFull;
    if (WrapAngleByTurns(x) != turned) FAIL(x);
  }
  for (const double x : {1e4, 1e6, 1e17, 1e300, std::numeric_limits<double>::max()}) {
    for (const double angle : {x, -x}) {
      const double wrapped = WrapAngleByTurns(angle);
      INFO(angle);
      CHECK(std::abs(wrapped) <= kPi);
      CHECK(wrapped == std::remainder(angle, kFull));
    }
    const auto f = static_cast<float>(std::min(x, 1e38));
    CHECK(std::abs(WrapAngleByTurns(f)) <= static_cast<float>(kPi));
  }
  CHECK(std::isnan(WrapAngleByTurns(std::numeric_limits<double>::infinity())));
}

TEST_CASE("steps and derivatives return for any size of the state", "[envs]") {
  StepDerivatives d;
  for (const EnvironmentEntry& entry : Registry()) {
    INFO(entry.name);
    const auto environment = entry.make();
    const Differentiable& step = RequireDerivatives(*environment, "this test");
    const Vector action = environment->spec().action_high;
    Vector observation(environment->spec().observation_size);
    for (const double size : {1e17, -1e17, 1e300}) {
      const Vector state = Vector::Constant(environment->spec().state_size, size);
      environment->SetState(state);
      step.Derivatives(state, action, d);
      CHECK(d.next_state.size() == state.size());
      try {
        environment->Step(action, observation);
        CHECK(environment->State().allFinite());
      } catch (const std::runtime_error&) {  // the step gives a state that is not finite
        CHECK(environment->State() == state);
      }
    }
  }
}

TEST_CASE("a float batch makes the steps of the double environment", "[envs]") {
  constexpr int kCopies = 37;  // two packs and a remainder
  int batches = 0;
  for (const EnvironmentEntry& entry : Registry()) {
    if (!entry.make_batch) continue;
    ++batches;
    INFO(entry.name);
    const auto batch = MakeFloatBatch(entry.name, kCopies, 2);
    const auto single = entry.make();
    BatchResult<float> result;
    batch->Reset(result);
    Rng rng(8);
    Vector observation(single->spec().observation_size);
    int flips = 0;
    for (int step = 0; step < 60; ++step) {
      const Eigen::MatrixXf states = batch->States();
      const Eigen::MatrixXf actions = RandomActions(single->spec(), kCopies, rng).cast<float>();
      batch->Step(actions, result);
      for (int i = 0; i < kCopies; ++i) {
        single->SetState(states.col(i).cast<double>());
        if (!single->Memory().empty()) single->SetMemory(std::vector<std::uint64_t>{0});
        const StepResult expected = single->Step(actions.col(i).cast<double>(), observation);
        if (expected.terminated != result.terminated[i]) ++flips;
        if (result.truncated[i] || result.terminated[i] != expected.terminated) continue;
        const Vector got =
            (result.terminated[i] ? result.final_observations.col(i) : result.observations.col(i))
                .cast<double>();
        const double scale = 1 + observation.cwiseAbs().maxCoeff();
        CHECK(LargestDifference(got, observation) <= 2e-5 * scale);
        CHECK(result.rewards[i] == Approx(expected.reward).margin(2e-5 * scale));
      }
    }
    CHECK(flips <= 2);  // rounding can change whether a state is terminal
  }
  CHECK(batches >= 14);
}

TEST_CASE("a float batch restarts by itself and returns the last observation", "[envs]") {
  constexpr int kCopies = 20;
  const auto batch = MakeFloatBatch("CartPoleContinuous", kCopies, 2);
  BatchResult<float> result;
  batch->Reset(result);
  std::vector<int> lengths(kCopies, 0);
  int ends = 0;
  const Eigen::MatrixXf push = Eigen::MatrixXf::Ones(1, kCopies);
  for (int step = 0; step < 100; ++step) {
    batch->Step(push, result);
    for (int i = 0; i < kCopies; ++i) {
      ++lengths[i];
      if (!result.terminated[i]) continue;
      ++ends;
      CHECK(lengths[i] < 15);
      CHECK(std::abs(result.final_observations(2, i)) > 0.2);
      CHECK(result.observations.col(i).cwiseAbs().maxCoeff() <= 0.05f);
      lengths[i] = 0;
    }
  }
  CHECK(ends > 5 * kCopies);

  const auto pendulum = MakeFloatBatch("Pendulum-v1", kCopies, 2);
  pendulum->Reset(result);
  for (int step = 1; step <= 400; ++step) {
    pendulum->Step(Eigen::MatrixXf::Zero(1, kCopies), result);
    CHECK(result.truncated.all() == (step % 200 == 0));
    CHECK(result.truncated.any() == (step % 200 == 0));
  }
}

TEST_CASE("a float batch refuses bad input", "[envs]") {
  CHECK_THROWS_WITH(MakeFloatBatch("Pendulum", 4, 1), test::ContainsText("known: Pendulum-v1,"));
  CHECK_THROWS_WITH(MakeFloatBatch("LinearQuadratic", 4, 1), test::ContainsText("float batch"));
  CHECK_THROWS_WITH(MakeFloatBatch("Pendulum-v1", 0, 1), test::ContainsText("at least one copy"));
  const auto batch = MakeFloatBatch("Pendulum-v1", 3, 1);
  BatchResult<float> result;
  CHECK_THROWS_WITH(batch->Step(Eigen::MatrixXf::Zero(1, 3), result), test::ContainsText("Reset"));
  batch->Reset(result);
  const Eigen::MatrixXf before = batch->States();
  CHECK_THROWS_AS(batch->Step(Eigen::MatrixXf::Zero(1, 2), result), std::invalid_argument);
  CHECK_THROWS_AS(batch->Step(Eigen::MatrixXf{{0, NAN, 0}}, result), std::invalid_argument);
  CHECK(batch->States() == before);
}

}  // namespace nabla::envs
