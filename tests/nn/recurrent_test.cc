// Recurrent networks: RTRL and BPTT against each other and against central differences (double).
#include "nn/recurrent/recurrent.h"

#include <cstdlib>

#include "nn/recurrent/bptt.h"
#include "nn/recurrent/rtrl.h"
#include "tests/support/catch.h"
#include "tests/support/finite_difference.h"

using namespace nabla::nn;
using nabla::test::CentralDifferences;
using nabla::test::ContainsText;
using nabla::test::RelativeError;

namespace {

// A time series with targets, and a few episode boundaries in the middle.
struct Series {
  Series(const RecurrentNetwork& network, Index batch_size, Index steps, bool with_restarts)
      : batch(batch_size),
        x(Matrix::Random(network.input_size(), steps * batch)),
        d(Matrix::Random(network.output_size(), steps * batch)) {
    if (!with_restarts) return;
    restarts = Restarts::Constant(batch, steps, false);
    for (Index n = 1; n < steps; ++n) restarts((3 * n) % batch, n) = n % 4 == 1;
  }
  Index batch;
  Matrix x, d;
  Restarts restarts;
};

RecurrentNetwork RandomNetwork(const std::string& cell, Index inputs, Index outputs) {
  RecurrentNetwork network = MakeRecurrentNetwork(
      {.cell = cell, .units = 3, .hidden = {4}, .activation = "tanh"}, inputs, outputs);
  network.parameters() = 0.6 * Vector::Random(network.parameter_count());
  return network;
}

// E of the series from burn_in on, by running the network.
double Error(const RecurrentNetwork& network, const Series& series, Index burn_in = 0) {
  RecurrentState state = network.MakeState(series.batch);
  Matrix y(series.d.rows(), series.d.cols());
  network.Run(series.x, series.restarts, state, y);
  return 0.5 * (y - series.d).rightCols(y.cols() - burn_in * series.batch).squaredNorm();
}

Vector DifferenceGradient(const RecurrentNetwork& network, const Series& series) {
  RecurrentNetwork moved = network;
  return CentralDifferences(
             [&](const Vector& theta) {
               moved.parameters() = theta;
               return Vector::Constant(1, Error(moved, series));
             },
             network.parameters())
      .transpose();
}

Vector RtrlGradient(const RecurrentNetwork& network, const Series& series) {
  Rtrl rtrl(network, series.batch);
  Vector gradient = Vector::Zero(network.parameter_count());
  const double error = rtrl.AddErrorGradient(series.x, series.d, series.restarts, gradient);
  REQUIRE(error == Approx(Error(network, series)).epsilon(1e-13));
  return gradient;
}

Vector BpttGradient(const RecurrentNetwork& network, const Series& series, Index window,
                    Index burn_in = 0) {
  Bptt bptt(network, series.batch, window);
  Vector gradient = Vector::Zero(network.parameter_count());
  const double error =
      bptt.AddErrorGradient(series.x, series.d, series.restarts, burn_in, gradient);
  REQUIRE(error == Approx(Error(network, series, burn_in)).epsilon(1e-13));
  return gradient;
}

}  // namespace

TEST_CASE("recurrent: RTRL equals BPTT and both central differences", "[nn][laws]") {
  for (const std::string& cell : RecurrentCellNames()) {
    const RecurrentNetwork network = RandomNetwork(cell, 2, 2);
    for (const Index steps : {1, 2, 3, 5, 8, 13, 30, 50}) {
      for (const bool with_restarts : {false, true}) {
        CAPTURE(cell, steps, with_restarts);
        const Series series(network, 3, steps, with_restarts);
        const Vector rtrl = RtrlGradient(network, series);
        const Vector bptt = BpttGradient(network, series, steps);
        REQUIRE(RelativeError(rtrl, bptt) <= 1e-12);
        if (steps <= 8 || steps == 50) {
          REQUIRE(RelativeError(bptt, DifferenceGradient(network, series)) <= 1e-7);
        }
      }
    }
  }
}

TEST_CASE("recurrent: a restart makes a sample forget, alone in its batch", "[nn]") {
  for (const std::string& cell : RecurrentCellNames()) {
    CAPTURE(cell);
    const RecurrentNetwork network = RandomNetwork(cell, 2, 1);
    const Series series(network, 2, 6, false);
    RecurrentState state = network.MakeState(2), fresh = network.MakeState(2);
    for (Index n = 0; n < 5; ++n) network.Step(series.x.middleCols(2 * n, 2), state);
    network.Reset(1, state);
    const Matrix after = network.Step(series.x.middleCols(10, 2), state);
    const Matrix first = network.Step(series.x.middleCols(10, 2), fresh);
    REQUIRE(after(0, 1) == first(0, 1));
    REQUIRE(after(0, 0) != first(0, 0));
  }
}

TEST_CASE("recurrent: truncated BPTT is the sum over windows of a constant start", "[nn][laws]") {
  const RecurrentNetwork network = RandomNetwork("gru", 2, 1);
  const Series series(network, 2, 10, true);
  const Index window = 4, burn_in = 2;
  const Vector truncated = BpttGradient(network, series, window, burn_in);
  // Each window alone: its first state is a number, not a function of the parameters.
  RecurrentNetwork moved = network;
  const auto error = [&](const Vector& theta) {
    double sum = 0;
    RecurrentState running = network.MakeState(2), state = network.MakeState(2);
    for (Index n = 0; n < 10; ++n) {
      const bool starts = n >= burn_in && (n - burn_in) % window == 0;
      if (starts) state.input = running.input;
      for (Index b = 0; b < 2; ++b) {
        if (series.restarts(b, n)) network.Reset(b, running);
        if (series.restarts(b, n)) network.Reset(b, state);
      }
      moved.parameters() = theta;
      if (n >= burn_in) {
        const Matrix y = moved.Step(series.x.middleCols(2 * n, 2), state);
        sum += 0.5 * (y - series.d.middleCols(2 * n, 2)).squaredNorm();
      }
      network.Step(series.x.middleCols(2 * n, 2), running);
    }
    return Vector::Constant(1, sum);
  };
  REQUIRE(RelativeError(truncated.transpose(), CentralDifferences(error, network.parameters())) <=
          1e-7);
  INFO("the cut is felt: the full derivative differs");
  REQUIRE(RelativeError(truncated, BpttGradient(network, series, 8, burn_in)) > 1e-3);
}

TEST_CASE("recurrent: wrong use is refused by name", "[nn]") {
  const RecurrentNetwork network = RandomNetwork("gru", 2, 1);
  RecurrentState state = network.MakeState(3);
  REQUIRE_THROWS_WITH(network.Step(Matrix::Zero(3, 3), state),
                      ContainsText("gru(5 -> 3): expected shape [2, 3], got [3, 3]"));
  Rtrl rtrl(network, 3);
  REQUIRE_THROWS_WITH(rtrl.Step(Matrix::Zero(2, 2)), ContainsText("expected shape [2, 3]"));
  Bptt bptt(network, 3, 1);
  const Matrix x = Matrix::Ones(2, 3);
  bptt.Step(x);
  REQUIRE_THROWS_WITH(bptt.Step(x), ContainsText("call Backward"));
  REQUIRE_THROWS_WITH(bptt.BurnIn(x), ContainsText("before a window"));
  Vector gradient = Vector::Zero(network.parameter_count());
  REQUIRE_THROWS_WITH(bptt.Backward(Matrix::Zero(1, 2), gradient),
                      ContainsText("expected shape [1, 3], got [1, 2]"));
  Matrix d = Matrix::Zero(1, 3);
  REQUIRE_THROWS_WITH(bptt.AddErrorGradient(x, d, {}, 1, gradient), ContainsText("burn-in of 1"));
  const Restarts restarts = Restarts::Constant(2, 1, false);
  REQUIRE_THROWS_WITH(rtrl.AddErrorGradient(x, d, restarts, gradient),
                      ContainsText("expected shape [3, 1], got [2, 1]"));
  REQUIRE(gradient.isZero());
  REQUIRE_THROWS_WITH(MakeRecurrentNetwork({.cell = "rnn"}, 2, 1),
                      ContainsText("feedforward, gru, lstm"));
  REQUIRE_THROWS_WITH(RecurrentNetwork(network.f(), 5), ContainsText("state size 5"));
  REQUIRE_THROWS_WITH(Bptt(network, 3, 0), ContainsText("at least one step"));
}

// --- The two errors of the source note (nn/README.md) ---

namespace {

struct NoteVersion {
  bool bootstrap = false;   // Z(1) = ∂f(0, 0)/∂w in place of Z(0) = 0
  bool late_input = false;  // Z(n) at x(n + 1) in place of x(n)
};

// The note's recursion, written out for one sequence.
Vector GradientByHand(const RecurrentNetwork& network, const Series& series,
                      const NoteVersion& version) {
  const Network& f = network.f();
  const Index n_x = network.input_size(), m_y = network.output_size(), m_r = network.state_size();
  const Index m = m_y + m_r, steps = series.x.cols();
  Tape tape = f.MakeTape(1, {.jacobian = true});
  Matrix z_theta = Matrix::Zero(m, f.parameter_count()), df_dw = z_theta, df_dr(m * m_r, 1);
  Vector input = Vector::Zero(f.input_size()), gradient = Vector::Zero(f.parameter_count());
  for (Index n = 0; n < steps; ++n) {
    // Z(n)
    Vector at = input;
    const Index x_index = version.late_input ? std::min(n + 1, steps - 1) : n;
    at.head(n_x) = series.x.col(x_index);
    if (version.bootstrap && n == 0) at.setZero();
    f.Forward(at, tape);
    f.WeightJacobian(tape, df_dw);
    f.InputGradient(tape, df_dr, n_x);
    z_theta = df_dw + Eigen::Map<const Matrix>(df_dr.data(), m, m_r) * z_theta.bottomRows(m_r);
    // z(n)
    input.head(n_x) = series.x.col(n);
    const Vector z = f.Forward(input, tape);
    gradient += z_theta.topRows(m_y).transpose() * (z.head(m_y) - series.d.col(n));
    input.tail(m_r) = z.tail(m_r);
  }
  return gradient;
}

}  // namespace

TEST_CASE("recurrent: the note's bootstrap and input index are wrong, ours are right",
          "[nn][laws]") {
  std::srand(1);  // the size of the errors depends on the numbers
  for (const std::string& cell : RecurrentCellNames()) {
    CAPTURE(cell);
    const RecurrentNetwork network = RandomNetwork(cell, 2, 2);
    const Series series(network, 1, 4, false);
    const Vector truth = DifferenceGradient(network, series);
    REQUIRE(RelativeError(RtrlGradient(network, series), truth) <= 1e-7);
    REQUIRE(RelativeError(GradientByHand(network, series, {}), RtrlGradient(network, series)) <=
            1e-12);
    REQUIRE(RelativeError(GradientByHand(network, series, {.bootstrap = true}), truth) > 0.01);
    REQUIRE(RelativeError(GradientByHand(network, series, {.late_input = true}), truth) > 0.01);
    Series zero_start = series;
    zero_start.x.col(0).setZero();
    REQUIRE(RelativeError(GradientByHand(network, zero_start, {.bootstrap = true}),
                          RtrlGradient(network, zero_start)) <= 1e-12);
  }
}
