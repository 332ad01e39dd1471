#include "envs/drawing/canvas.h"

#include <array>
#include <cmath>

namespace nabla::envs {
namespace {

Point Along(double angle) { return {std::cos(angle), std::sin(angle)}; }

// The head of an arrow: a triangle with its point at `tip`, in direction `angle`.
std::array<Point, 3> Head(Point tip, double angle, double length) {
  const Point back = tip - length * Along(angle);
  const Point side = 0.45 * length * Along(angle + std::acos(0.0));
  return {tip, back + side, back - side};
}

constexpr double kHeadLength = 4;  // in line widths

}  // namespace

void Canvas::Arrow(Point from, Point to, double width, Paint paint) {
  const Point way = to - from;
  const double length = std::hypot(way.x, way.y);
  if (length < 1e-9) return;
  const double head = std::min(kHeadLength * width, length);
  const Point unit = (1 / length) * way;
  if (length > head) Line(from, to - head * unit, width, paint);
  Polygon(Head(to, std::atan2(way.y, way.x), head), paint);
}

void Canvas::TurnArrow(Point centre, double radius, double angle, double width, Paint paint) {
  const double head = std::min(kHeadLength * width, std::abs(angle) * radius);
  if (head < 1e-9) return;
  constexpr double kUp = 1.5707963267948966;
  const double turn = angle > 0 ? 1 : -1;
  const double arc = std::abs(angle) - head / radius;
  const int segments = 1 + static_cast<int>(arc / 0.1);
  const auto at = [&](double turned) { return centre + radius * Along(kUp + turn * turned); };
  for (int i = 0; i < segments && arc > 0; ++i) {
    Line(at(arc * i / segments), at(arc * (i + 1) / segments), width, paint);
  }
  const double middle = kUp + turn * (std::abs(angle) - 0.5 * head / radius);
  Polygon(Head(at(std::abs(angle)), middle + turn * kUp, head), paint);
}

void Canvas::Rectangle(Point centre, Point size, Paint paint, double angle) {
  const Point right = 0.5 * size.x * Along(angle);
  const Point up = 0.5 * size.y * Along(angle + std::acos(0.0));
  Polygon(std::array{centre - right - up, centre + right - up, centre + right + up,
                     centre - right + up},
          paint);
}

}  // namespace nabla::envs
