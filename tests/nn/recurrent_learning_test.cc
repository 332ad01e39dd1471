// Recurrent networks learn, online with RTRL and offline with BPTT (in float).
#include <cmath>
#include <deque>
#include <functional>
#include <numbers>
#include <random>

#include "nn/optimizers/adam.h"
#include "nn/recurrent/bptt.h"
#include "nn/recurrent/rtrl.h"
#include "tests/support/catch.h"

using namespace nabla::nn;

namespace {

using Engine = std::mt19937_64;

double Uniform(Engine& engine, double low, double high) {
  return low + (high - low) * std::generate_canonical<double, 53>(engine);
}

// One source of samples (x(n), d(n)).
using Source = std::function<std::pair<Real, Real>(Engine&)>;

// Delayed recall: d(n) = x(n − 4), x uniform in ±1. Without memory the best root mean square error
// is that of 0, 1/√3.
Source DelayedRecall() {
  return [past = std::deque<Real>(4, 0)](Engine& engine) mutable {
    const Real x = static_cast<Real>(Uniform(engine, -1, 1));
    past.push_back(x);
    const Real d = past.front();
    past.pop_front();
    return std::pair(x, d);
  };
}

// Frequency tracking: x(n) = sin φ(n), φ(n) = φ(n−1) + ω(n); ω drifts towards goals that change at
// random, between 0.2 and 1 rad a step. d(n) is ω(n), scaled to ±1.
Source FrequencyTracking() {
  return [phase = 0.0, omega = 0.6, goal = 0.6](Engine& engine) mutable {
    if (Uniform(engine, 0, 1) < 0.02) goal = Uniform(engine, 0.2, 1);
    omega += 0.1 * (goal - omega);
    phase = std::fmod(phase + omega, 2 * std::numbers::pi);
    return std::pair(static_cast<Real>(std::sin(phase)), static_cast<Real>((omega - 0.6) / 0.4));
  };
}

// N steps of B independent samples.
struct Series {
  Series(const std::vector<Source>& sources, Index steps, Engine& engine)
      : x(1, steps * static_cast<Index>(sources.size())), d(x) {
    Draw(sources, engine);
  }
  void Draw(std::vector<Source> sources, Engine& engine) {
    const auto batch = static_cast<Index>(sources.size());
    for (Index i = 0; i < x.cols(); ++i) {
      std::tie(x(0, i), d(0, i)) = sources[static_cast<std::size_t>(i % batch)](engine);
    }
  }
  Matrix x, d;
};

double RootMeanSquare(const Matrix& m) {
  return static_cast<double>(m.norm()) / std::sqrt(static_cast<double>(m.size()));
}

RecurrentNetwork FreshNetwork(const std::string& cell, Engine& engine) {
  RecurrentNetwork network = MakeRecurrentNetwork({.cell = cell, .units = 12}, 1, 1);
  network.Initialize([&] { return Uniform(engine, 0, 1); });
  return network;
}

// The learning rate of step n of `steps`, from `first` to a tenth of it.
double Annealed(double first, int n, int steps) {
  return first * std::pow(0.1, static_cast<double>(n) / steps);
}

// One learning step per step of the sequence: E(n) = ½ ‖y(n) − d(n)‖² and its gradient through
// Z(n).
void LearnOnline(const Source& source, int steps, RecurrentNetwork& network, Engine& engine) {
  constexpr Index kBatch = 8;
  constexpr double kRate = 3e-3;
  std::vector<Source> sources(kBatch, source);
  Rtrl rtrl(network, kBatch);
  Adam adam(network.parameter_count(), {});
  Vector gradient(network.parameter_count());
  Matrix x(1, kBatch), d(1, kBatch);
  for (int n = 0; n < steps; ++n) {
    for (Index b = 0; b < kBatch; ++b) {
      std::tie(x(0, b), d(0, b)) = sources[static_cast<std::size_t>(b)](engine);
    }
    const Matrix residual = (rtrl.Step(x) - d) / kBatch;
    gradient.setZero();
    rtrl.AddGradient(residual, gradient);
    adam.options().learning_rate = Annealed(kRate, n, steps);
    adam.Step(gradient, network.parameters());
  }
}

// Whole sequences, whose first steps only advance the state.
void LearnOffline(const Source& source, int updates, RecurrentNetwork& network, Engine& engine) {
  constexpr Index kBatch = 16, kBurnIn = 8, kWindow = 24;
  constexpr double kRate = 1e-2;
  const std::vector<Source> sources(kBatch, source);
  Bptt bptt(network, kBatch, kWindow);
  Adam adam(network.parameter_count(), {});
  Vector gradient(network.parameter_count());
  for (int n = 0; n < updates; ++n) {
    const Series series(sources, kBurnIn + kWindow, engine);
    gradient.setZero();
    bptt.AddErrorGradient(series.x, series.d, {}, kBurnIn, gradient);
    gradient /= Real(kBatch * kWindow);
    adam.options().learning_rate = Annealed(kRate, n, updates);
    adam.Step(gradient, network.parameters());
  }
}

// Root mean square error over new sequences, with fixed parameters and without the first steps.
double TestError(const Source& source, const RecurrentNetwork& network, Engine& engine) {
  constexpr Index kBatch = 16, kBurnIn = 50, kSteps = 400;
  const Series series(std::vector<Source>(kBatch, source), kSteps, engine);
  RecurrentState state = network.MakeState(kBatch);
  Matrix y(1, series.x.cols());
  network.Run(series.x, {}, state, y);
  const Index counted = (kSteps - kBurnIn) * kBatch;
  REQUIRE(RootMeanSquare(series.d.rightCols(counted)) > 0.4);  // the error of the output 0
  return RootMeanSquare((y - series.d).rightCols(counted));
}

}  // namespace

TEST_CASE("learning: delayed recall, online with RTRL", "[nn][learning]") {
  Engine engine(1);
  RecurrentNetwork network = FreshNetwork("gru", engine);
  LearnOnline(DelayedRecall(), 8000, network, engine);
  const double error = TestError(DelayedRecall(), network, engine);
  REQUIRE(error < 0.1);
}

TEST_CASE("learning: frequency tracking, online with RTRL", "[nn][learning]") {
  Engine engine(1);
  RecurrentNetwork network = FreshNetwork("gru", engine);
  LearnOnline(FrequencyTracking(), 10000, network, engine);
  const double error = TestError(FrequencyTracking(), network, engine);
  REQUIRE(error < 0.1);
}

TEST_CASE("learning: delayed recall, offline with BPTT", "[nn][learning]") {
  for (const std::string& cell : RecurrentCellNames()) {
    CAPTURE(cell);
    Engine engine(1);
    RecurrentNetwork network = FreshNetwork(cell, engine);
    LearnOffline(DelayedRecall(), 1000, network, engine);
    const double error = TestError(DelayedRecall(), network, engine);
    REQUIRE(error < 0.1);
  }
}

TEST_CASE("learning: frequency tracking, offline with BPTT", "[nn][learning]") {
  for (const std::string cell : {"gru", "lstm"}) {
    CAPTURE(cell);
    Engine engine(1);
    RecurrentNetwork network = FreshNetwork(cell, engine);
    LearnOffline(FrequencyTracking(), 1000, network, engine);
    const double error = TestError(FrequencyTracking(), network, engine);
    REQUIRE(error < 0.15);
  }
}
