#include "envs/drawing/drawing.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

namespace nabla::envs {
namespace {

// The end of a rod that starts at `start`, `angle` rad clockwise from straight up.
Point End(Point start, double angle, double length) {
  return start + length * Point{std::sin(angle), std::cos(angle)};
}

// Draws a rail of half length `rail` or, if that is 0, an endless one with a mark for each metre
// around `x` and their labels at `label_height`.
void DrawRail(Canvas& canvas, double rail, double x, double half_width, double label_height) {
  constexpr double kStop = 0.12;
  if (rail > 0) {
    canvas.Line({-rail, 0}, {rail, 0}, 0.02, Paint::kTrack);
    for (const double end : {-rail, rail}) {
      canvas.Line({end, -kStop}, {end, kStop}, 0.03, Paint::kTrack);
    }
    return;
  }
  canvas.Line({x - half_width, 0}, {x + half_width, 0}, 0.02, Paint::kTrack);
  const int last = static_cast<int>(std::floor(x + half_width));
  for (int mark = static_cast<int>(std::ceil(x - half_width)); mark <= last; ++mark) {
    const double metre = mark;
    canvas.Line({metre, -kStop}, {metre, 0}, 0.015, Paint::kTrack);
    if (mark % 2 == 0) {
      canvas.Text({metre, label_height}, 0.14, std::to_string(mark) + " m", Paint::kText);
    }
  }
}

}  // namespace

void DrawCartPoles(Canvas& canvas, const CartPolesPicture& picture) {
  double longest = 0;
  for (const PolePicture& pole : picture.poles) longest = std::max(longest, pole.length);
  constexpr Point kCart = {0.4, 0.2};
  const double height = longest + 0.25;
  const double half_width = picture.rail > 0 ? picture.rail + 0.35 : 2.4;
  const double middle = picture.rail > 0 ? 0 : picture.x;
  canvas.View({middle - half_width, -height}, {middle + half_width, height});

  DrawRail(canvas, picture.rail, picture.x, half_width, 0.1 - height);
  canvas.Rectangle({picture.x, 0}, kCart, Paint::kBody);
  Paint paint = Paint::kLimb;
  for (const PolePicture& pole : picture.poles) {
    const Point hinge = {picture.x, 0};
    canvas.Line(hinge, End(hinge, pole.angle, pole.length), 0.06, paint);
    paint = Paint::kJoint;  // another colour for the second pole: hanging poles overlap
  }
  canvas.Circle({picture.x, 0}, 0.035, Paint::kJoint);
  const double side = picture.force < 0 ? -0.5 : 0.5;
  const Point start = {picture.x + side * kCart.x, 0};
  canvas.Arrow(start, start + Point{0.8 * picture.force, 0}, 0.035, Paint::kAction);
}

void DrawTwoLinks(Canvas& canvas, const TwoLinksPicture& picture) {
  const double size = picture.length_1 + picture.length_2;
  const double joint = 0.028 * size;
  const Point elbow = End({0, 0}, picture.angle_1, picture.length_1);
  const Point tip = End(elbow, picture.angle_2, picture.length_2);
  canvas.Line({0, 0}, elbow, 2 * joint, Paint::kLimb);
  canvas.Line(elbow, tip, 1.6 * joint, Paint::kLimb);
  canvas.Circle({0, 0}, joint, Paint::kJoint);
  canvas.Circle(elbow, joint, Paint::kJoint);
  const double turn = -0.75 * std::numbers::pi;  // positive torques turn clockwise
  canvas.TurnArrow({0, 0}, 0.15 * size, turn * picture.torque_1, 0.015 * size, Paint::kAction);
  canvas.TurnArrow(elbow, 0.15 * size, turn * picture.torque_2, 0.015 * size, Paint::kAction);
}

}  // namespace nabla::envs
