// Canvas: the interface that environments draw on. Coordinates are in metres, x to the right, y up.
// An environment names the kind of each shape (Paint); the canvas chooses its colour.
#pragma once

#include <span>
#include <string_view>

namespace nabla::envs {

struct Point {
  double x = 0;  // m
  double y = 0;  // m

  friend Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
  friend Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
  friend Point operator*(double k, Point a) { return {k * a.x, k * a.y}; }
};

enum class Paint {
  kTrack,   // fixed parts: a rail, the ground
  kBody,    // a cart, a hull
  kLimb,    // a pole, a link, an arm
  kJoint,   // a hinge, a wheel
  kTarget,  // the goal
  kAction,  // the applied force or torque
  kText,
};

class Canvas {
 public:
  virtual ~Canvas() = default;

  // Sets the visible region, before any shape: all of [low, high], with equal scales.
  virtual void View(Point low, Point high) = 0;

  // A straight line with round ends.
  virtual void Line(Point from, Point to, double width, Paint paint) = 0;
  virtual void Circle(Point centre, double radius, Paint paint) = 0;
  // The outline of a circle, `width` wide.
  virtual void Ring(Point centre, double radius, double width, Paint paint) = 0;
  // A filled polygon with three or more corners.
  virtual void Polygon(std::span<const Point> corners, Paint paint) = 0;
  // One line of text, centred at `centre`, letters `height` tall.
  virtual void Text(Point centre, double height, std::string_view text, Paint paint) = 0;

  // Shapes made of the ones above.
  void Arrow(Point from, Point to, double width, Paint paint);
  // A torque: an arc with a head, from straight up through `angle` rad counter-clockwise.
  void TurnArrow(Point centre, double radius, double angle, double width, Paint paint);
  // A rectangle of `size` about `centre`, turned by `angle` rad counter-clockwise.
  void Rectangle(Point centre, Point size, Paint paint, double angle = 0);
};

}  // namespace nabla::envs
