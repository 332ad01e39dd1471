// No function of a network allocates once its tape is made.
#include "tests/support/allocation_counter.h"

#include <cstdlib>
#include <memory>

#include "nn/layers/layers.h"
#include "nn/network/network_config.h"
#include "nn/optimizers/adam.h"
#include "nn/recurrent/bptt.h"
#include "nn/recurrent/rtrl.h"
#include "tests/support/catch.h"

using namespace nabla::nn;
using nabla::test::AllocationCounter;

TEST_CASE("allocation counter: every way to the heap is counted", "[nn]") {
  AllocationCounter counter;
  const auto one = std::make_unique<int>(1);
  REQUIRE(counter.count() == 1);
  const Vector eigen = Vector::Zero(1000);
  REQUIRE(counter.count() >= 2);
  const std::size_t before = counter.count();
  void* block = nullptr;
  const int error = posix_memalign(&block, 64, 100);
  const std::size_t after = counter.count();
  std::free(block);
  REQUIRE(error == 0);
  REQUIRE(after == before + 1);
}

namespace {

// Calls every function once, on a tape that supports all of them.
std::size_t AllocationsOfEveryFunction(Network network, Index batch) {
  const Index n = network.input_size(), m = network.output_size(), p = network.parameter_count();
  network.parameters().setRandom();
  Tape tape = network.MakeTape(batch, {.jacobian = true, .tangent = true, .second_order = true});
  const Matrix x = Matrix::Random(n, batch), c = Matrix::Random(m, batch);
  const Vector u = Vector::Random(p);
  Vector dtheta = Vector::Zero(p);
  Matrix dx(n, batch), gradient(m * n, batch), jacobian(m * batch, p), gram(m * batch, m * batch);
  Adam adam(p, {});

  AllocationCounter counter;
  MatrixRef dx_ref = dx;
  const ConstMatrixRef x_ref = x;
  network.Evaluate(x, tape);
  network.Forward(x, tape);
  network.Vjp(tape, c, &dtheta, &dx_ref);
  network.Jvp(tape, &x_ref, &u);
  network.InputGradient(tape, gradient);
  network.WeightJacobian(tape, jacobian);
  network.WeightGram(tape, gram);
  network.JacobianTimes(tape, u);
  network.JacobianTransposeTimes(tape, c, dtheta);
  network.InputHessianTimes(tape, c, x, dx);
  network.MixedHessianTimes(tape, c, x, dtheta);
  network.ParameterHessianTimes(tape, c, u, dtheta);
  adam.Step(dtheta, network.parameters());
  Polyak(u, 0.5, network.parameters());
  return counter.count();
}

}  // namespace

TEST_CASE("allocation: no function of a network makes any", "[nn]") {
  for (const LayerKind& kind : LayerKinds()) {
    for (const LayerSpec& example : kind.examples) {
      CAPTURE(example.Text());
      const std::size_t count =
          AllocationsOfEveryFunction(MakeNetwork({example.input_size, {example}}), 7);
      REQUIRE(count == 0);
    }
  }
  const NetworkConfig large = {.hidden = {256, 256, 256}, .layer_norm = true, .residual = true};
  const std::size_t count = AllocationsOfEveryFunction(MakeNetwork(large, 23, 6, "tanh"), 64);
  REQUIRE(count == 0);
}

TEST_CASE("allocation: recurrent networks make none, online or offline", "[nn]") {
  for (const std::string& cell : RecurrentCellNames()) {
    CAPTURE(cell);
    RecurrentNetwork network = MakeRecurrentNetwork({.cell = cell, .units = 40}, 3, 2);
    network.parameters().setRandom();
    const Index batch = 5, steps = 6;
    const Matrix x = Matrix::Random(3, batch * steps), d = Matrix::Random(2, batch * steps);
    const Restarts restarts = Restarts::Constant(batch, steps, true);
    Matrix y = d;
    RecurrentState state = network.MakeState(batch);
    Rtrl rtrl(network, batch);
    Bptt bptt(network, batch, 4);
    Vector gradient = Vector::Zero(network.parameter_count());

    AllocationCounter counter;
    network.Run(x, restarts, state, y);
    rtrl.AddErrorGradient(x, d, restarts, gradient);
    bptt.AddErrorGradient(x, d, restarts, 1, gradient);
    const std::size_t count = counter.count();
    REQUIRE(count == 0);
  }
}
