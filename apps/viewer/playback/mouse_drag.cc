#include "apps/viewer/playback/mouse_drag.h"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <string_view>

namespace nabla::viewer {
namespace {

using envs::Paint;
using envs::Point;

constexpr double kDifference = 1e-4;                                 // step of the differences
constexpr double kSpring = 4 * std::numbers::pi * std::numbers::pi;  // k, 1/s²

double Distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }

// Collects the points that can be dragged.
class PointCollector : public envs::Canvas {
 public:
  void View(Point, Point) override {}
  void Line(Point from, Point to, double, Paint paint) override {
    Add(from, paint);
    Add(0.5 * (from + to), paint);
    Add(to, paint);
  }
  void Circle(Point centre, double, Paint paint) override { Add(centre, paint); }
  void Ring(Point centre, double, double, Paint paint) override { Add(centre, paint); }
  void Polygon(std::span<const Point> corners, Paint paint) override {
    Point sum;
    for (const Point corner : corners) sum = sum + corner;
    Add((1 / static_cast<double>(corners.size())) * sum, paint);
  }
  void Text(Point, double, std::string_view, Paint) override {}

  std::vector<Point> points;

 private:
  void Add(Point point, Paint paint) {
    if (paint == Paint::kTrack || paint == Paint::kAction || paint == Paint::kText) return;
    points.push_back(point);
  }
};

}  // namespace

MouseDrag::MouseDrag(const envs::Environment& environment)
    : environment_(environment.Clone()),
      no_action_((environment.spec().action_low + environment.spec().action_high) / 2) {
  envs::Vector observation(environment_->spec().observation_size);
  Rng rng(0, "handle");
  environment_->Reset(rng, observation);
  FindCoordinates();
  FindVelocities();
}

std::vector<Point> MouseDrag::Points(const envs::Vector& state) {
  environment_->SetState(state);
  PointCollector collector;
  environment_->Draw(collector, envs::Vector());
  return collector.points;
}

void MouseDrag::FindCoordinates() {
  const envs::Vector state = environment_->State();
  const std::vector<Point> before = Points(state);
  for (int i = 0; i < state.size(); ++i) {
    envs::Vector changed = state;
    changed[i] += kDifference;
    const std::vector<Point> after = Points(changed);
    double moved = 0;
    for (std::size_t p = 0; p < std::min(before.size(), after.size()); ++p) {
      moved = std::max(moved, Distance(before[p], after[p]));
    }
    if (moved > 1e-3 * kDifference) coordinates_.push_back(i);
  }
  environment_->SetState(state);
}

void MouseDrag::FindVelocities() {
  const envs::Vector state = environment_->State();
  const std::vector<std::uint64_t> memory = environment_->Memory();
  envs::Vector observation(environment_->spec().observation_size);
  const auto next = [&](int changed, double by) {
    envs::Vector from = state;
    from[changed] += by;
    environment_->SetMemory(memory);
    environment_->SetState(from);
    environment_->Step(no_action_, observation);
    return environment_->State();
  };
  velocities_.assign(coordinates_.size(), -1);
  std::vector<double> strongest(coordinates_.size(), 0.1 * environment_->spec().time_step);
  for (int v = 0; v < state.size(); ++v) {
    if (std::find(coordinates_.begin(), coordinates_.end(), v) != coordinates_.end()) continue;
    const envs::Vector effect = (next(v, kDifference) - next(v, -kDifference)) / (2 * kDifference);
    for (std::size_t j = 0; j < coordinates_.size(); ++j) {
      const double strength = std::abs(effect[coordinates_[j]]);
      if (strength <= strongest[j]) continue;
      strongest[j] = strength;
      velocities_[j] = v;
    }
  }
  environment_->SetMemory(memory);
  environment_->SetState(state);
}

envs::Matrix MouseDrag::Jacobian(const envs::Vector& state, int point) {
  const auto i = static_cast<std::size_t>(point);
  envs::Matrix jacobian = envs::Matrix::Zero(2, static_cast<Eigen::Index>(coordinates_.size()));
  for (Eigen::Index j = 0; j < jacobian.cols(); ++j) {
    envs::Vector changed = state;
    double& q = changed[coordinates_[static_cast<std::size_t>(j)]];
    q += kDifference;
    const auto after = Points(changed);
    q -= 2 * kDifference;
    const auto before = Points(changed);
    if (i >= after.size() || i >= before.size()) continue;
    jacobian(0, j) = (after[i].x - before[i].x) / (2 * kDifference);
    jacobian(1, j) = (after[i].y - before[i].y) / (2 * kDifference);
  }
  return jacobian;
}

envs::Vector MouseDrag::Solve(const envs::Matrix& jacobian, Point d) const {
  Eigen::Matrix2d gram = jacobian * jacobian.transpose();
  gram.diagonal().array() += 1e-4 * gram.trace() + 1e-12;
  return jacobian.transpose() * (gram.inverse() * Eigen::Vector2d(d.x, d.y));
}

std::optional<int> MouseDrag::Nearest(const envs::Vector& state, Point at) {
  std::optional<int> nearest;
  double distance = std::numeric_limits<double>::infinity();
  const std::vector<Point> points = Points(state);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (Distance(points[i], at) >= distance) continue;
    if (Jacobian(state, static_cast<int>(i)).norm() < 1e-6) continue;
    nearest = static_cast<int>(i);
    distance = Distance(points[i], at);
  }
  return nearest;
}

Point MouseDrag::PointAt(const envs::Vector& state, int point) {
  const auto points = Points(state);
  const auto i = static_cast<std::size_t>(point);
  return i < points.size() ? points[i] : Point{};
}

envs::Vector MouseDrag::Pull(const envs::Vector& state, int point, Point to, double seconds) {
  const envs::Vector acceleration =
      kSpring * Solve(Jacobian(state, point), to - PointAt(state, point));
  envs::Vector added = envs::Vector::Zero(state.size());
  for (std::size_t j = 0; j < coordinates_.size(); ++j) {
    if (velocities_[j] < 0) continue;
    added[velocities_[j]] += seconds * acceleration[static_cast<Eigen::Index>(j)];
  }
  return added;
}

envs::Vector MouseDrag::Place(envs::Vector state, int point, Point to) {
  const auto distance = [&](const envs::Vector& s) { return Distance(PointAt(s, point), to); };
  // Far from the goal a Gauss–Newton step may not improve anything: try multiples of π/4 first.
  for (const int coordinate : coordinates_) {
    envs::Vector best = state;
    for (int turn = -4; turn <= 4; ++turn) {
      envs::Vector turned = state;
      turned[coordinate] += turn * std::numbers::pi / 4;
      if (distance(turned) < distance(best) - 1e-9) best = turned;
    }
    state = best;
  }
  for (int iteration = 0; iteration < 50; ++iteration) {
    const envs::Vector step = Solve(Jacobian(state, point), to - PointAt(state, point));
    envs::Vector best = state;
    // The best of several step lengths: a full step may overshoot.
    for (double length = 1; length > 1e-3; length /= 2) {
      envs::Vector next = state;
      for (std::size_t j = 0; j < coordinates_.size(); ++j) {
        next[coordinates_[j]] += length * step[static_cast<Eigen::Index>(j)];
      }
      if (distance(next) < distance(best)) best = next;
    }
    if (best == state) break;
    state = best;
  }
  return state;
}

}  // namespace nabla::viewer
