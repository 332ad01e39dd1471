#include "envs/models/linear_quadratic.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "envs/core/environment_entry.h"
#include "envs/core/unknown_name.h"
#include "envs/drawing/canvas.h"

namespace nabla::envs {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kHuge = 1e6;   // greatest size of a number in A, B, Q, R
constexpr double kTiny = 1e-6;  // least start and action_bound

std::vector<double> Rows(const Matrix& matrix) {
  const RowMajor rows = matrix;
  return {rows.data(), rows.data() + rows.size()};
}

bool Symmetric(const Matrix& matrix) { return matrix == matrix.transpose(); }

std::string Shape(const Matrix& matrix) {
  return std::to_string(matrix.rows()) + " x " + std::to_string(matrix.cols());
}

void Require(bool condition, const LinearQuadratic::Problem& problem, const std::string& message) {
  if (!condition) throw std::invalid_argument(problem.name + ": " + message);
}

void CheckProblem(const LinearQuadratic::Problem& p) {
  const Eigen::Index n = p.A.rows(), m = p.B.cols();
  Require(n >= 1 && p.A.cols() == n, p, "A must be square, not " + Shape(p.A));
  Require(m >= 1 && p.B.rows() == n, p,
          "B must have as many rows as A, " + std::to_string(n) + "; it is " + Shape(p.B));
  Require(p.Q.rows() == n && p.Q.cols() == n, p, "Q must have the shape of A, not " + Shape(p.Q));
  Require(p.R.rows() == m && p.R.cols() == m, p,
          "R must be square with one row per action, not " + Shape(p.R));
  for (const Matrix* matrix : {&p.A, &p.B, &p.Q, &p.R}) {
    // NaN fails this comparison too.
    Require((matrix->array().abs() <= kHuge).all(), p, "A, B, Q and R must lie within ±1e6");
  }
  Require(Symmetric(p.Q) && IsPositive(p.Q, false), p,
          "Q must be symmetric and positive semidefinite");
  Require(Symmetric(p.R) && IsPositive(p.R, true), p, "R must be symmetric and positive definite");
  Require(p.start >= kTiny && p.start <= kHuge, p, "start must lie in [1e-6, 1e6]");
  Require(p.action_bound >= kTiny && p.action_bound <= kHuge, p,
          "action_bound must lie in [1e-6, 1e6]");
}

// `values` as a matrix with `rows` rows, row by row.
Matrix FromRows(const LinearQuadratic::Problem& problem, const std::string& name,
                const std::vector<double>& values, Eigen::Index rows) {
  const auto size = static_cast<Eigen::Index>(values.size());
  Require(rows > 0 && size > 0 && size % rows == 0, problem,
          "parameter " + name + " must be a matrix row by row; " + std::to_string(size) +
              " numbers do not make " + std::to_string(rows) + " rows");
  return Eigen::Map<const RowMajor>(values.data(), rows, size / rows);
}

Eigen::Index SideOfSquare(std::size_t size) {
  return std::max<Eigen::Index>(1, std::lround(std::sqrt(static_cast<double>(size))));
}

}  // namespace

LinearQuadratic::LinearQuadratic(Problem problem) : problem_(std::move(problem)) {
  CheckProblem(problem_);
  const Eigen::Index n = problem_.A.rows(), m = problem_.B.cols();
  spec_.name = problem_.name;
  spec_.state_size = spec_.observation_size = static_cast<int>(n);
  spec_.action_size = static_cast<int>(m);
  spec_.action_low = Vector::Constant(m, -problem_.action_bound);
  spec_.action_high = Vector::Constant(m, problem_.action_bound);
  spec_.time_step = problem_.time_step;
  spec_.step_limit = problem_.step_limit;
  spec_.reward_low = -std::numeric_limits<double>::infinity();
  spec_.reward_high = 0;
  x_ = next_ = Vector::Zero(n);
  u_ = Vector::Zero(m);
}

LinearQuadratic::Problem LinearQuadratic::UnstableLaplacian() {
  Problem problem;
  problem.name = "LinearQuadratic";
  problem.A = Matrix{{1.01, 0.01, 0}, {0.01, 1.01, 0.01}, {0, 0.01, 1.01}};
  problem.B = problem.Q = problem.R = Matrix::Identity(3, 3);
  return problem;
}

LinearQuadratic::Problem LinearQuadratic::DoubleIntegrator() {
  constexpr double kStep = 0.1;  // s
  Problem problem;
  problem.name = "DoubleIntegrator";
  problem.A = Matrix{{1, kStep}, {0, 1}};
  problem.B = Matrix{{kStep * kStep / 2}, {kStep}};
  problem.Q = Matrix{{1, 0}, {0, 0.1}};
  problem.R = Matrix::Constant(1, 1, 0.1);
  problem.action_bound = 6;
  problem.time_step = kStep;
  return problem;
}

double LinearQuadratic::MeanOptimalCost(double discount) const {
  return problem_.start * problem_.start / 3 * Optimum(discount).cost.trace();
}

void LinearQuadratic::Check(const char* what, const ConstVectorRef& values,
                            Eigen::Index size) const {
  if (values.size() == size && values.allFinite()) return;
  throw std::invalid_argument(spec_.name + ": the " + what + " must be " + std::to_string(size) +
                              " finite numbers");
}

void LinearQuadratic::Reset(Rng& rng, VectorRef observation) {
  for (double& x : x_) x = rng.Uniform(-problem_.start, problem_.start);
  Observe(observation);
}

StepResult LinearQuadratic::Step(const ConstVectorRef& action, VectorRef observation) {
  Check("action", action, u_.size());
  u_ = action.cwiseMax(-problem_.action_bound).cwiseMin(problem_.action_bound);
  const double reward = -(x_.dot(problem_.Q.lazyProduct(x_)) + u_.dot(problem_.R.lazyProduct(u_)));
  next_.noalias() = problem_.A * x_;
  next_.noalias() += problem_.B * u_;
  if (!next_.allFinite() || !std::isfinite(reward)) {
    throw std::runtime_error(spec_.name + ": the step gives a state or reward that is not finite");
  }
  x_.swap(next_);
  Observe(observation);
  return {.reward = reward};
}

void LinearQuadratic::Observe(VectorRef observation) const {
  if (observation.size() != x_.size()) {
    throw std::invalid_argument(spec_.name + ": the observation must have " +
                                std::to_string(x_.size()) + " numbers");
  }
  observation = x_;
}

void LinearQuadratic::SetState(const ConstVectorRef& state) {
  Check("state", state, x_.size());
  x_ = state;
}

void LinearQuadratic::Derivatives(const ConstVectorRef& state, const ConstVectorRef& action,
                                  StepDerivatives& out) const {
  Check("state", state, x_.size());
  Check("action", action, u_.size());
  const double bound = problem_.action_bound;
  const Vector u = action.cwiseMax(-bound).cwiseMin(bound);
  out.next_state.noalias() = problem_.A * state;
  out.next_state.noalias() += problem_.B * u;
  out.reward = -(state.dot(problem_.Q * state) + u.dot(problem_.R * u));
  out.terminated = false;
  out.observation = state;
  out.dnext_dstate = problem_.A;
  out.dnext_daction = problem_.B;
  out.dreward_dstate = -2 * (problem_.Q * state);
  out.dreward_daction = -2 * (problem_.R * u);
  for (Eigen::Index j = 0; j < u.size(); ++j) {
    if (std::abs(action[j]) <= bound) continue;
    out.dnext_daction.col(j).setZero();
    out.dreward_daction[j] = 0;
  }
  out.dobservation_dstate.setIdentity(x_.size(), x_.size());
}

std::vector<Parameter> LinearQuadratic::Parameters() const {
  return {{"A", "", Rows(problem_.A), -kHuge, kHuge},
          {"B", "", Rows(problem_.B), -kHuge, kHuge},
          {"Q", "", Rows(problem_.Q), -kHuge, kHuge},
          {"R", "", Rows(problem_.R), -kHuge, kHuge},
          {"start", "", {problem_.start}, kTiny, kHuge},
          {"action_bound", "", {problem_.action_bound}, kTiny, kHuge}};
}

void LinearQuadratic::SetParameters(const ParameterValues& values) {
  Problem changed = problem_;
  const auto given = [&](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? nullptr : &found->second;
  };
  std::vector<std::string> known;
  for (const Parameter& parameter : Parameters()) known.push_back(parameter.name);
  for (const auto& [name, value] : values) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw UnknownNameError("parameter", name, known, spec_.name);
    }
  }
  if (const auto* a = given("A")) changed.A = FromRows(changed, "A", *a, SideOfSquare(a->size()));
  const Eigen::Index n = changed.A.rows();
  if (const auto* b = given("B")) changed.B = FromRows(changed, "B", *b, n);
  if (const auto* q = given("Q")) changed.Q = FromRows(changed, "Q", *q, n);
  if (const auto* r = given("R")) changed.R = FromRows(changed, "R", *r, changed.B.cols());
  for (const auto& [name, field] :
       {std::pair{"start", &changed.start}, std::pair{"action_bound", &changed.action_bound}}) {
    const auto* value = given(name);
    if (value == nullptr) continue;
    Require(value->size() == 1, problem_, std::string("parameter ") + name + " must be one number");
    *field = value->front();
  }
  LinearQuadratic other(std::move(changed));
  if (other.x_.size() == x_.size()) other.x_ = x_;
  *this = std::move(other);
}

// One line for each state; the view grows with the state.
void LinearQuadratic::Draw(Canvas& canvas, const ConstVectorRef& action) const {
  const double reach = std::max(1.5 * problem_.start, 1.2 * x_.cwiseAbs().maxCoeff());
  const double row = 2 * reach / (static_cast<double>(x_.size()) + 1);
  canvas.View({-1.2 * reach, -reach}, {1.2 * reach, reach});
  canvas.Line({0, -0.9 * reach}, {0, 0.9 * reach}, 0.008 * reach, Paint::kTarget);
  for (const double mark : {-reach, 0.0, reach}) {
    std::ostringstream number;
    number.precision(2);
    number << mark;
    canvas.Text({mark, 0.95 * reach}, 0.07 * reach, number.str(), Paint::kText);
  }
  for (Eigen::Index i = 0; i < x_.size(); ++i) {
    const double y = reach - row * (static_cast<double>(i) + 1);
    canvas.Line({-reach, y}, {reach, y}, 0.006 * reach, Paint::kTrack);
    canvas.Circle({x_[i], y}, 0.04 * reach, Paint::kBody);
    canvas.Text({-1.1 * reach, y}, 0.1 * reach, std::string("x").append(std::to_string(i + 1)),
                Paint::kText);
    if (action.size() == 0) continue;
    // The arrow shows what the action adds to this state in one step.
    const double to = std::clamp(x_[i] + problem_.B.row(i).dot(action), -reach, reach);
    canvas.Arrow({x_[i], y}, {to, y}, 0.018 * reach, Paint::kAction);
  }
}

std::string LinearQuadratic::Description() const {
  const Eigen::IOFormat format(4, 0, ", ", "; ", "", "", "[", "]");
  std::ostringstream text;
  text << "A linear system with a quadratic cost and a known optimum.\n\n"
       << "state        x [" << spec_.state_size << "]\n"
       << "action       a [" << spec_.action_size << "]\n"
       << "observation  x\n\n"
       << "  u  = clip(a, ±action_bound)\n"
       << "  x' = A x + B u\n"
       << "  r  = −(xᵀ Q x + uᵀ R u)     x before the step\n\n"
       << "  A = " << problem_.A.format(format) << "\n  B = " << problem_.B.format(format)
       << "\n  Q = " << problem_.Q.format(format) << "\n  R = " << problem_.R.format(format)
       << "\n\noptimum      u = −K x, K = " << Optimum().gain.format(format)
       << "\n             mean cost over the initial states " << MeanOptimalCost()
       << " (discrete Riccati equation)\n\n"
       << "start        every xᵢ uniform in ±start\n"
       << "end          never\n"
       << "kinks        the clip of the action (bounds count as inside)";
  return text.str();
}

EnvironmentEntry LinearQuadraticEntry() {
  return {"LinearQuadratic", "any linear system with a quadratic cost and a known optimum",
          [] { return std::make_unique<LinearQuadratic>(LinearQuadratic::UnstableLaplacian()); }};
}

EnvironmentEntry DoubleIntegratorEntry() {
  return {"DoubleIntegrator", "push a mass to the origin and stop it there; known optimum",
          [] { return std::make_unique<LinearQuadratic>(LinearQuadratic::DoubleIntegrator()); }};
}

}  // namespace nabla::envs
