// Delayed recall: a recurrent network receives a random number at each step and learns to output
// the one of four steps before, d(n) = x(n − 4). Its state must hold four numbers.
//
//   online   RTRL: after every step the parameters move along −∂E(n)/∂θ; the only memory is the
//            derivative Z(n) of the state
//   offline  BPTT: runs whole sequences, then differentiates them backwards
//
// Prints the root mean square error on new numbers. Exits with 1 unless both methods learn: without
// memory the best output is 0, whose error is 1/√3 = 0.577.
#include <cmath>
#include <cstdio>
#include <random>
#include <utility>

#include "nn/optimizers/adam.h"
#include "nn/recurrent/bptt.h"
#include "nn/recurrent/rtrl.h"

using namespace nabla::nn;

namespace {

constexpr Index kDelay = 4;       // steps
constexpr Index kBatch = 8;       // parallel sequences
constexpr double kRate = 5e-3;    // learning rate, decays to a tenth
constexpr double kLearned = 0.1;  // root mean square error

using Engine = std::mt19937_64;

double Uniform(Engine& engine, double low, double high) {
  return low + (high - low) * std::generate_canonical<double, 53>(engine);
}

// x [1, N·B] uniform in ±1, step n in columns n·B … n·B + B − 1, and d(n) = x(n − kDelay).
std::pair<Matrix, Matrix> Sequence(Index steps, Engine& engine) {
  Matrix x(1, steps * kBatch), d = Matrix::Zero(1, steps * kBatch);
  for (Index i = 0; i < x.cols(); ++i) x(0, i) = static_cast<Real>(Uniform(engine, -1, 1));
  const Index heard = (steps - kDelay) * kBatch;
  d.rightCols(heard) = x.leftCols(heard);
  return {x, d};
}

RecurrentNetwork FreshNetwork(Engine& engine) {
  RecurrentNetwork network = MakeRecurrentNetwork({.cell = "gru", .units = 12}, 1, 1);
  network.Initialize([&] { return Uniform(engine, 0, 1); });
  return network;
}

RecurrentNetwork LearnOnline(Index steps, Engine& engine) {
  RecurrentNetwork network = FreshNetwork(engine);
  const auto [x, d] = Sequence(steps, engine);  // each column is used once
  Rtrl rtrl(network, kBatch);
  Adam adam(network.parameter_count(), {});
  Vector gradient(network.parameter_count());
  for (Index n = 0; n < steps; ++n) {
    const Matrix residual =
        (rtrl.Step(x.middleCols(n * kBatch, kBatch)) - d.middleCols(n * kBatch, kBatch)) / kBatch;
    gradient.setZero();
    rtrl.AddGradient(residual, gradient);
    adam.options().learning_rate =
        kRate * std::pow(0.1, static_cast<double>(n) / static_cast<double>(steps));
    adam.Step(gradient, network.parameters());
  }
  return network;
}

RecurrentNetwork LearnOffline(Index updates, Engine& engine) {
  constexpr Index kSteps = 32, kBurnIn = 8;  // the first steps only fill the state
  RecurrentNetwork network = FreshNetwork(engine);
  Bptt bptt(network, kBatch, kSteps - kBurnIn);
  Adam adam(network.parameter_count(), {});
  Vector gradient(network.parameter_count());
  for (Index n = 0; n < updates; ++n) {
    const auto [x, d] = Sequence(kSteps, engine);
    gradient.setZero();
    bptt.AddErrorGradient(x, d, {}, kBurnIn, gradient);
    gradient /= static_cast<Real>(kBatch * (kSteps - kBurnIn));
    adam.options().learning_rate =
        2 * kRate * std::pow(0.1, static_cast<double>(n) / static_cast<double>(updates));
    adam.Step(gradient, network.parameters());
  }
  return network;
}

// Root mean square error over a new sequence, without the first kDelay steps.
double TestError(const RecurrentNetwork& network, Engine& engine) {
  const auto [x, d] = Sequence(500, engine);
  RecurrentState state = network.MakeState(kBatch);
  Matrix y(1, x.cols());
  network.Run(x, {}, state, y);
  const Index counted = x.cols() - kDelay * kBatch;
  return std::sqrt(static_cast<double>((y - d).rightCols(counted).squaredNorm()) /
                   static_cast<double>(counted));
}

bool Report(const char* how, double error) {
  std::printf("%-22s error %.3f\n", how, error);
  return error < kLearned;
}

}  // namespace

int main() {
  Engine engine(1);
  const bool online = Report("online, RTRL", TestError(LearnOnline(8000, engine), engine));
  const bool offline = Report("offline, BPTT", TestError(LearnOffline(1500, engine), engine));
  return online && offline ? 0 : 1;
}
