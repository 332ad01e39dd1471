// The derivatives of networks relative to the limits of the processor (docs/performance.md has the
// table).
//
//   peak      share of the peak rate of float multiply-adds, for the operations that the task needs
//   written   share of the write bandwidth for a result of this size
//   write_us  time to write the result at that bandwidth
//
// The process first measures the peak rate and the bandwidth.
#include <benchmark/benchmark.h>

#include "benchmarks/peak.h"
#include "nn/kernels/gemm.h"
#include "nn/network/network_config.h"
#include "nn/optimizers/adam.h"
#include "nn/recurrent/rtrl.h"

namespace {

using namespace nabla::nn;

// An actor for a task of HalfCheetah's size (17 observations, 6 actions) and its critic.
struct Actor {
  static constexpr Index kIn = 17, kOut = 6;
  static constexpr const char* kLast = "tanh";
};
struct Critic {
  static constexpr Index kIn = 23, kOut = 1;
  static constexpr const char* kLast = "identity";
};

template <class Shape>
struct Case {
  explicit Case(Index batch_size, const TapeOptions& options = {.jacobian = true})
      : batch(batch_size),
        network(MakeNetwork({.hidden = {256, 256}, .activation = "relu"}, Shape::kIn, Shape::kOut,
                            Shape::kLast)),
        x(Matrix::Random(Shape::kIn, batch)) {
    network.parameters().setRandom();
    network.parameters() *= Real(0.1);
    tape = network.MakeTape(batch, options);
    network.Forward(x, tape);
  }
  Index batch;
  Network network;
  Matrix x;
  Tape tape;
};

double Peak() {
  static const double peak = nabla::benchmarks::PeakGigaflops();
  return peak;
}

// Results larger than the last cache level are streamed to memory.
double WriteRate(std::size_t bytes) {
  return std::max(nabla::benchmarks::WriteGigabytes(bytes, false),
                  nabla::benchmarks::WriteGigabytes(bytes, true));
}

void ReportWritten(benchmark::State& state, const Matrix& result) {
  const auto bytes = static_cast<std::size_t>(result.size()) * sizeof(Real);
  const double rate = WriteRate(bytes) * 1e9;
  state.counters["write_us"] = 1e6 * static_cast<double>(bytes) / rate;
  state.counters["written"] = benchmark::Counter(static_cast<double>(bytes) / rate,
                                                 benchmark::Counter::kIsIterationInvariantRate);
}

void ReportPeak(benchmark::State& state, double operations) {
  state.counters["peak"] = benchmark::Counter(operations / (Peak() * 1e9),
                                              benchmark::Counter::kIsIterationInvariantRate);
}

template <class Shape>
void WeightJacobian(benchmark::State& state) {
  Case<Shape> c(state.range(0));
  Matrix jacobian(c.batch * Shape::kOut, c.network.parameter_count());
  jacobian.setZero();
  for (auto _ : state) {
    c.network.Forward(c.x, c.tape);
    c.network.WeightJacobian(c.tape, jacobian);
    benchmark::ClobberMemory();
  }
  ReportWritten(state, jacobian);
}

template <class Shape>
void WeightGram(benchmark::State& state) {
  Case<Shape> c(state.range(0));
  const Index rows = c.batch * Shape::kOut;
  Matrix gram(rows, rows);
  for (auto _ : state) {
    c.network.Forward(c.x, c.tape);
    c.network.WeightGram(c.tape, gram);
    benchmark::ClobberMemory();
  }
  // One triangle of xᵀx and of δᵀδ per layer, and the forward and backward products.
  double operations = 0, passes = 0;
  for (std::size_t k = 0; k < c.network.layer_count(); ++k) {
    const auto in = static_cast<double>(c.network.layer(k).input_size());
    const auto out = static_cast<double>(c.network.layer(k).output_size());
    const auto b = static_cast<double>(c.batch), r = static_cast<double>(rows);
    operations += b * b * in + r * r * out;
    passes += 2 * in * out * (b + (k > 0 ? r : 0));
  }
  ReportPeak(state, operations + passes);
}

template <class Shape>
void InputGradient(benchmark::State& state) {
  Case<Shape> c(state.range(0));
  Matrix gradient(Shape::kIn * Shape::kOut, c.batch);
  for (auto _ : state) {
    c.network.InputGradient(c.tape, gradient);
    benchmark::ClobberMemory();
  }
  ReportPeak(state, 2.0 * static_cast<double>(c.batch) * (Shape::kIn * 256 + 256 * 256 + 256));
}

// Only the products that InputGradient needs for the critic: W(3)ᵀ δ(3), W(2)ᵀ δ(2), W(1)ᵀ δ(1),
// with given transposes.
void InputGradientProducts(benchmark::State& state) {
  const Index batch = state.range(0);
  const Matrix w1 = Matrix::Random(Critic::kIn, 256), w2 = Matrix::Random(256, 256);
  const Matrix w3 = Matrix::Random(256, 1), seed = Matrix::Random(1, batch);
  Matrix below2(256, batch), below1(256, batch), gradient(Critic::kIn, batch);
  for (auto _ : state) {
    MultiplyAdd(w3, seed, nullptr, below2);
    MultiplyAdd(w2, below2, nullptr, below1);
    MultiplyAdd(w1, below1, nullptr, gradient);
    benchmark::ClobberMemory();
  }
  ReportPeak(state, 2.0 * static_cast<double>(batch) * (Critic::kIn * 256 + 256 * 256 + 256));
}

template <class Shape>
void ForwardPass(benchmark::State& state) {
  Case<Shape> c(state.range(0));
  for (auto _ : state) {
    c.network.Forward(c.x, c.tape);
    benchmark::ClobberMemory();
  }
  ReportPeak(state, 2.0 * static_cast<double>(c.batch * c.network.parameter_count()));
}

template <class Shape>
void ForwardAndVjp(benchmark::State& state) {
  Case<Shape> c(state.range(0), {});
  const Matrix cotangent = Matrix::Random(Shape::kOut, c.batch);
  Vector gradient = Vector::Zero(c.network.parameter_count());
  for (auto _ : state) {
    c.network.Forward(c.x, c.tape);
    c.network.Vjp(c.tape, cotangent, &gradient, nullptr);
    benchmark::ClobberMemory();
  }
  const auto weights = static_cast<double>(c.network.parameter_count());
  const double first = 256.0 * static_cast<double>(Shape::kIn);
  ReportPeak(state, 2.0 * static_cast<double>(c.batch) * (3 * weights - first));
}

template <class Shape>
void ParameterHessianTimes(benchmark::State& state) {
  Case<Shape> c(state.range(0), {.second_order = true});
  const Matrix cotangent = Matrix::Random(Shape::kOut, c.batch);
  const Vector u = Vector::Random(c.network.parameter_count());
  Vector product = u;
  for (auto _ : state) {
    c.network.Forward(c.x, c.tape);
    c.network.ParameterHessianTimes(c.tape, cotangent, u, product);
    benchmark::ClobberMemory();
  }
}

void RtrlStep(benchmark::State& state) {
  RecurrentNetwork network =
      MakeRecurrentNetwork({.cell = "gru", .units = static_cast<int>(state.range(0))}, 4, 1);
  network.parameters().setRandom();
  Rtrl rtrl(network, 1);
  const Matrix x = Matrix::Random(4, 1);
  for (auto _ : state) {
    rtrl.Step(x);
    benchmark::ClobberMemory();
  }
  const auto m = static_cast<double>(network.f().output_size());
  const auto r = static_cast<double>(network.state_size());
  ReportPeak(state, 2 * m * r * static_cast<double>(network.parameter_count()));
}

BENCHMARK(WeightJacobian<Actor>)->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK(WeightJacobian<Critic>)->Arg(256)->Unit(benchmark::kMicrosecond);
BENCHMARK(WeightGram<Critic>)->Arg(256)->Unit(benchmark::kMicrosecond);
BENCHMARK(WeightGram<Actor>)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK(InputGradient<Critic>)->Arg(256)->Unit(benchmark::kMicrosecond);
BENCHMARK(InputGradientProducts)->Arg(256)->Unit(benchmark::kMicrosecond);
BENCHMARK(InputGradient<Actor>)->Arg(1)->Arg(64)->Unit(benchmark::kMicrosecond);
BENCHMARK(ForwardPass<Actor>)->Arg(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(ForwardPass<Critic>)->Arg(256)->Unit(benchmark::kMicrosecond);
BENCHMARK(ForwardAndVjp<Critic>)->Arg(256)->Unit(benchmark::kMicrosecond);
BENCHMARK(ParameterHessianTimes<Critic>)->Arg(256)->Unit(benchmark::kMicrosecond);
BENCHMARK(RtrlStep)->Arg(8)->Arg(32)->Unit(benchmark::kMicrosecond);

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("peak_gflops", std::to_string(Peak()));
  for (const double megabytes : {0.2, 1.73, 16.0, 110.0}) {
    const auto bytes = static_cast<std::size_t>(megabytes * 1e6);
    benchmark::AddCustomContext("write_gb_s_of_" + std::to_string(megabytes) + "_mb",
                                std::to_string(WriteRate(bytes)));
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
