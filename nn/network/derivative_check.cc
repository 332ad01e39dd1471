#include "nn/network/derivative_check.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include "nn/kernels/activation.h"
#include "nn/network/network.h"

#ifndef NABLA_REAL_DOUBLE
#error "the derivative check needs NABLA_REAL_DOUBLE"
#endif

namespace nabla::nn {
namespace {

constexpr Index kSamples = 3;
constexpr int kDirections = 3;   // random directions of a whole block
constexpr Index kSingles = 128;  // entries of a block that are moved one by one
constexpr double kSmoothStep = 1e-4;
constexpr double kKinkStep = 1e-6;  // small, to stay away from the kinks

bool IsSmooth(const std::vector<LayerSpec>& layers) {
  return std::all_of(layers.begin(), layers.end(), [](const LayerSpec& layer) {
    return (layer.activation.empty() || FindActivation(layer.activation).is_smooth) &&
           IsSmooth(layer.inner);
  });
}

Vector Flat(const Matrix& m) { return Eigen::Map<const Vector>(m.data(), m.size()); }

// Compares the derivatives of a network at one point, and collects the table of errors.
class Checker {
 public:
  Checker(Network network, Matrix x, std::uint64_t seed, bool smooth)
      : network_(std::move(network)),
        moved_(network_),
        x_(std::move(x)),
        random_(seed),
        step_(smooth ? kSmoothStep : kKinkStep),
        tape_(network_.MakeTape(kSamples, {.jacobian = true, .second_order = true})),
        work_(network_.MakeTape(kSamples)),
        cotangent_(Random(network_.output_size(), kSamples)) {
    network_.Forward(x_, tape_);
  }

  std::vector<DerivativeCheck> Run() {
    CheckInputs();
    CheckCurvature();
    const Index m = network_.output_size(), p = network_.parameter_count();
    Matrix jacobian(kSamples * m, p);
    network_.WeightJacobian(tape_, jacobian);
    Matrix gram(jacobian.rows(), jacobian.rows());
    network_.WeightGram(tape_, gram);
    const Matrix product = jacobian * jacobian.transpose();
    Add("network", "Gram matrix J J'", gram, product);
    CheckProducts(jacobian);
    for (std::size_t k = 0; k < network_.layer_count(); ++k) {
      for (ParameterBlock block : network_.layer(k).Parameters()) {
        block.offset += network_.parameter_offset(k);
        CheckBlock(std::to_string(k) + " " + network_.layer(k).Description(), block, jacobian);
      }
    }
    return std::move(checks_);
  }

 private:
  using Function = std::function<Vector()>;

  Matrix Random(Index rows, Index cols) {
    std::normal_distribution<double> normal;
    return Matrix::NullaryExpr(rows, cols, [&] { return normal(random_); });
  }

  void Add(const std::string& layer, const std::string& quantity, const Matrix& value,
           const Matrix& reference, double least_scale = 1e-12) {
    if (value.size() == 0) return;
    const double scale = std::max(reference.cwiseAbs().maxCoeff(), least_scale);
    const double error = (value - reference).cwiseAbs().maxCoeff() / scale;
    checks_.push_back({layer, quantity, std::isnan(error) ? INFINITY : error});
  }

  // d/dε f at (x + ε x_dot, θ + ε theta_dot), with one Richardson extrapolation (error O(ε⁴)).
  Vector Difference(const Function& f, const Matrix& x_dot, const Vector& theta_dot) {
    const auto at = [&](double epsilon) {
      at_ = x_ + epsilon * x_dot;
      moved_.parameters() = network_.parameters() + epsilon * theta_dot;
      return f();
    };
    const double h = step_ / std::max({1.0, x_dot.norm(), theta_dot.norm()});
    const auto central = [&](double step) -> Vector { return (at(step) - at(-step)) / (2 * step); };
    return (4 * central(h / 2) - central(h)) / 3;
  }

  Function Output() {
    return [this] { return Flat(moved_.Evaluate(at_, work_)); };
  }
  // (∇_x, ∇_θ) of E = Σ_b c_bᵀ y_b
  Function Gradient() {
    return [this] {
      moved_.Forward(at_, work_);
      Vector dtheta = Vector::Zero(moved_.parameter_count());
      Matrix dx(at_.rows(), at_.cols());
      MatrixRef dx_ref = dx;
      moved_.Vjp(work_, cotangent_, &dtheta, &dx_ref);
      Vector both(dx.size() + dtheta.size());
      both << Flat(dx), dtheta;
      return both;
    };
  }

  void CheckInputs() {
    const Index m = network_.output_size(), n = network_.input_size();
    const Vector still = Vector::Zero(network_.parameter_count());
    Matrix gradient(m * n, kSamples), reference(m * n, kSamples);
    network_.InputGradient(tape_, gradient);
    for (Index i = 0; i < n; ++i) {  // input i of all samples at once: samples are independent
      Matrix x_dot = Matrix::Zero(n, kSamples);
      x_dot.row(i).setOnes();
      const Vector column = Difference(Output(), x_dot, still);
      for (Index b = 0; b < kSamples; ++b) {
        reference.col(b).segment(i * m, m) = column.segment(b * m, m);
      }
    }
    Add("network", "input gradient", gradient, reference);
    Vector contracted(n * kSamples);
    for (Index b = 0; b < kSamples; ++b) {
      contracted.segment(b * n, n) =
          Eigen::Map<const Matrix>(reference.col(b).data(), m, n).transpose() * cotangent_.col(b);
    }
    Matrix dx(n, kSamples);
    MatrixRef dx_ref = dx;
    network_.Vjp(tape_, cotangent_, nullptr, &dx_ref);
    Add("network", "Vjp, input part", Flat(dx), contracted);
  }

  void CheckProducts(const Matrix& jacobian) {
    const Index p = network_.parameter_count();
    const Matrix x_dot = Random(network_.input_size(), kSamples);
    const Vector v = Random(p, 1);
    const ConstMatrixRef x_dot_ref = x_dot;
    Add("network", "Jvp", Flat(network_.Jvp(tape_, &x_dot_ref, &v)),
        Difference(Output(), x_dot, v));
    Add("network", "J v", Flat(network_.JacobianTimes(tape_, v)),
        Difference(Output(), Matrix::Zero(x_dot.rows(), kSamples), v));
    Vector product(p);
    network_.JacobianTransposeTimes(tape_, cotangent_, product);
    const Vector reference = jacobian.transpose() * Flat(cotangent_);
    Add("network", "J' u", product, reference);
  }

  void CheckCurvature() {
    const Index n = network_.input_size(), p = network_.parameter_count();
    const Matrix v = Random(n, kSamples);
    const Vector u = Random(p, 1);
    Matrix h_xx(n, kSamples);
    h_xv_.resize(p);
    h_tt_.resize(p);
    network_.InputHessianTimes(tape_, cotangent_, v, h_xx);
    network_.MixedHessianTimes(tape_, cotangent_, v, h_xv_);
    network_.ParameterHessianTimes(tape_, cotangent_, u, h_tt_);
    const Vector along_x = Difference(Gradient(), v, Vector::Zero(p));
    const Vector along_theta = Difference(Gradient(), Matrix::Zero(n, kSamples), u);
    // The curvature of a piecewise linear network is 0 up to rounding errors of the gradient.
    at_ = x_;
    moved_.parameters() = network_.parameters();
    curvature_scale_ = 1e-3 * Gradient()().cwiseAbs().maxCoeff();
    Add("network", "H_xx v", Flat(h_xx), along_x.head(n * kSamples), curvature_scale_);
    h_xv_reference_ = along_x.tail(p);
    h_tt_reference_ = along_theta.tail(p);
  }

  void CheckBlock(const std::string& layer, const ParameterBlock& block, const Matrix& jacobian) {
    const Index size = block.rows * block.cols;
    const Matrix still = Matrix::Zero(network_.input_size(), kSamples);
    const Matrix columns = jacobian.middleCols(block.offset, size);
    const Index singles = std::min(size, kSingles);
    Matrix value(jacobian.rows(), singles + kDirections), reference = value;
    for (Index i = 0; i < value.cols(); ++i) {
      Vector direction = Vector::Zero(size);
      if (i >= singles) {
        direction = Random(size, 1).normalized();
      } else if (size <= kSingles) {
        direction[i] = 1;
      } else {
        direction[std::uniform_int_distribution<Index>(0, size - 1)(random_)] = 1;
      }
      Vector theta_dot = Vector::Zero(network_.parameter_count());
      theta_dot.segment(block.offset, size) = direction;
      value.col(i) = columns * direction;
      reference.col(i) = Difference(Output(), still, theta_dot);
    }
    const double least = 1e-6 * jacobian.cwiseAbs().maxCoeff();  // a block without influence
    Add(layer, "weight Jacobian, " + block.name, value, reference, least);
    Add(layer, "H_theta_x v, " + block.name, h_xv_.segment(block.offset, size),
        h_xv_reference_.segment(block.offset, size), curvature_scale_);
    Add(layer, "H_theta_theta u, " + block.name, h_tt_.segment(block.offset, size),
        h_tt_reference_.segment(block.offset, size), curvature_scale_);
  }

  Network network_, moved_;  // moved_: at the displaced parameters
  Matrix x_, at_;
  std::mt19937_64 random_;
  double step_;
  Tape tape_, work_;
  Matrix cotangent_;
  Vector h_xv_, h_tt_, h_xv_reference_, h_tt_reference_;
  double curvature_scale_ = 0;
  std::vector<DerivativeCheck> checks_;
};

}  // namespace

std::vector<DerivativeCheck> CheckDerivatives(const NetworkSpec& spec,
                                              const std::vector<double>& parameters,
                                              const std::vector<double>& input,
                                              std::uint64_t seed) {
  Network network = MakeNetwork(spec);
  network.SetParameters(
      Eigen::Map<const Vector>(parameters.data(), static_cast<Index>(parameters.size())));
  const Eigen::Map<const Vector> point(input.data(), static_cast<Index>(input.size()));
  if (point.size() != network.input_size() || !point.allFinite()) {
    throw std::invalid_argument("the check of " + network.layer(0).Description() + " needs " +
                                std::to_string(network.input_size()) + " finite inputs, got " +
                                std::to_string(input.size()));
  }
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, 0.3);
  Matrix x = point.replicate(1, kSamples);
  for (Index b = 1; b < kSamples; ++b) {
    for (Index i = 0; i < x.rows(); ++i) x(i, b) += normal(random);
  }
  return Checker(std::move(network), std::move(x), random(), IsSmooth(spec.layers)).Run();
}

}  // namespace nabla::nn
