// Points and rectangles in a picture: px, x to the right, y down.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

namespace nabla::viewer {

struct Point {
  double x = 0;
  double y = 0;

  friend Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
  friend Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
  friend Point operator*(double k, Point a) { return {k * a.x, k * a.y}; }
};

// False for NaN, infinities, and what is so far away that Cairo could not represent it.
inline bool IsDrawable(double length) { return std::abs(length) < 1e6; }
inline bool IsDrawable(Point p) { return IsDrawable(p.x) && IsDrawable(p.y); }

struct Rect {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double right() const { return x + width; }
  double bottom() const { return y + height; }
  Point centre() const { return {x + width / 2, y + height / 2}; }
  bool Contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
  Rect Inset(double margin) const { return Inset(margin, margin, margin, margin); }
  Rect Inset(double left, double top, double right_margin, double bottom_margin) const {
    return {x + left, y + top, std::max(0.0, width - left - right_margin),
            std::max(0.0, height - top - bottom_margin)};
  }
  // Cuts a strip off one side and returns it; this rectangle keeps the rest.
  Rect TakeTop(double size) {
    size = std::clamp(size, 0.0, height);
    const Rect taken = {x, y, width, size};
    y += size, height -= size;
    return taken;
  }
  Rect TakeLeft(double size) {
    size = std::clamp(size, 0.0, width);
    const Rect taken = {x, y, size, height};
    x += size, width -= size;
    return taken;
  }
  Rect TakeBottom(double size) {
    const Rect rest = TakeTop(height - size);
    return std::exchange(*this, rest);
  }
  Rect TakeRight(double size) {
    const Rect rest = TakeLeft(width - size);
    return std::exchange(*this, rest);
  }
  friend bool operator==(const Rect&, const Rect&) = default;
};

}  // namespace nabla::viewer
