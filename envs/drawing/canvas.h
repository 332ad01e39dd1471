// Canvas: where an environment draws itself. Coordinates are metres, x to the right, y up; the
// environment never sees a window, a pixel or a colour: it names what a thing is (Paint), and
// the canvas chooses how that looks (svg_canvas.h; the viewer has its own).
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
  kTrack,   // what does not move: rail, ground, hinge support
  kBody,    // a cart, a hull
  kLimb,    // a pole, a link, an arm
  kJoint,   // a hinge, a wheel
  kTarget,  // where to go
  kAction,  // the force or torque that acts
  kText,
};

class Canvas {
 public:
  virtual ~Canvas() = default;

  // The region to be shown, called first: all of [low, high] is visible, with equal scales.
  virtual void View(Point low, Point high) = 0;

  // A straight line with round ends.
  virtual void Line(Point from, Point to, double width, Paint paint) = 0;
  virtual void Circle(Point centre, double radius, Paint paint) = 0;
  // The outline alone, `width` wide.
  virtual void Ring(Point centre, double radius, double width, Paint paint) = 0;
  // Filled; three corners or more.
  virtual void Polygon(std::span<const Point> corners, Paint paint) = 0;
  // One line of text, centred at `centre`, letters `height` tall.
  virtual void Text(Point centre, double height, std::string_view text, Paint paint) = 0;

  // Made of the above.
  void Arrow(Point from, Point to, double width, Paint paint);
  // A torque: an arc about `centre` from straight up, `angle` rad counter-clockwise, with a head.
  void TurnArrow(Point centre, double radius, double angle, double width, Paint paint);
  // An upright or turned rectangle of `size` about `centre`.
  void Rectangle(Point centre, Point size, Paint paint, double angle = 0);
};

}  // namespace nabla::envs
