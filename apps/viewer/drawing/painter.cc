#include "apps/viewer/drawing/painter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>
#include <vector>

#include "config/scalar.h"

namespace nabla::viewer {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kCapHeight = 0.729;  // of DejaVu Sans, in sizes
constexpr double kDescent = 0.236;
constexpr double kSmallestText = 0.1, kLargestText = 1e3;  // px
constexpr std::size_t kLongestText = 500;                  // bytes

bool IsDrawable(const Rect& rect) {
  return viewer::IsDrawable({rect.x, rect.y}) && viewer::IsDrawable({rect.width, rect.height});
}

// The same picture on every machine: no hinting and no user settings.
void UseNeutralFontOptions(cairo_t* context) {
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(context, options);
  cairo_font_options_destroy(options);
}

// The bytes of a letter that has a dot above it.
struct Dotted {
  std::size_t begin = 0, end = 0;
};

// A text without its combining dots (U+0307, as in θ̇), which fonts draw over tall letters.
struct Undotted {
  std::string letters;
  std::vector<Dotted> dots;
};

bool IsInside(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}  // of a UTF-8 character

// Cairo refuses text that is not UTF-8, such as the names of some folders.
Undotted WithoutDots(std::string_view raw) {
  constexpr std::string_view kDot = "\xcc\x87";
  const std::string line = config::OneLine(raw, kLongestText);
  std::string_view text = line;
  Undotted result;
  std::string& letters = result.letters;
  while (!text.empty()) {
    const bool is_dot = text.starts_with(kDot);
    if (is_dot && !letters.empty()) {
      std::size_t begin = letters.size() - 1;
      while (begin > 0 && IsInside(letters[begin])) --begin;
      result.dots.push_back({begin, letters.size()});
    }
    if (!is_dot) letters += text.front();
    text.remove_prefix(is_dot ? kDot.size() : 1);
  }
  return result;
}

}  // namespace

Painter::Painter(cairo_surface_t* surface, double width, double height, const Theme& theme)
    : theme_(theme),
      width_(width),
      height_(height),
      owned_(cairo_create(surface)),
      context_(owned_.get()) {
  UseNeutralFontOptions(context_);
  cairo_set_line_cap(context_, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(context_, CAIRO_LINE_JOIN_ROUND);
}

void Painter::Use(const Colour& colour) {
  cairo_set_source_rgba(context_, colour.red, colour.green, colour.blue, colour.alpha);
}

void Painter::Fill(const Rect& rect, const Colour& colour) {
  if (!IsDrawable(rect)) return;
  Use(colour);
  cairo_rectangle(context_, rect.x, rect.y, rect.width, rect.height);
  cairo_fill(context_);
}

void Painter::RoundedPath(const Rect& rect, double radius) {
  if (!IsDrawable(rect) || !IsDrawable(radius)) return;
  radius = std::min({radius, rect.width / 2, rect.height / 2});
  cairo_new_sub_path(context_);
  cairo_arc(context_, rect.right() - radius, rect.y + radius, radius, -kPi / 2, 0);
  cairo_arc(context_, rect.right() - radius, rect.bottom() - radius, radius, 0, kPi / 2);
  cairo_arc(context_, rect.x + radius, rect.bottom() - radius, radius, kPi / 2, kPi);
  cairo_arc(context_, rect.x + radius, rect.y + radius, radius, kPi, 1.5 * kPi);
  cairo_close_path(context_);
}

void Painter::FillRounded(const Rect& rect, double radius, const Colour& colour) {
  Use(colour);
  RoundedPath(rect, radius);
  cairo_fill(context_);
}

void Painter::StrokeRounded(const Rect& rect, double radius, double width, const Colour& colour) {
  if (!IsDrawable(width)) return;
  Use(colour);
  cairo_set_line_width(context_, width);
  RoundedPath(rect, radius);
  cairo_stroke(context_);
}

void Painter::Line(Point from, Point to, double width, const Colour& colour) {
  const std::array ends = {from, to};
  Polyline(ends, width, colour);
}

void Painter::DashedLine(Point from, Point to, double width, const Colour& colour) {
  // Dashes must have a length, and not be too many.
  if (!(width > 0) || !(std::hypot(to.x - from.x, to.y - from.y) < 1e5 * width)) return;
  const std::array dashes = {3 * width, 3 * width};
  cairo_set_dash(context_, dashes.data(), static_cast<int>(dashes.size()), 0);
  Line(from, to, width, colour);
  cairo_set_dash(context_, nullptr, 0, 0);
}

void Painter::Path(std::span<const Point> points) {
  for (const Point& point : points) {
    if (IsDrawable(point)) cairo_line_to(context_, point.x, point.y);
  }
}

void Painter::Polyline(std::span<const Point> points, double width, const Colour& colour) {
  if (!IsDrawable(width)) return;
  Use(colour);
  cairo_set_line_width(context_, width);
  Path(points);
  cairo_stroke(context_);
}

void Painter::Polygon(std::span<const Point> corners, const Colour& colour) {
  Use(colour);
  Path(corners);
  cairo_close_path(context_);
  cairo_fill(context_);
}

void Painter::Circle(Point centre, double radius, const Colour& colour) {
  if (!IsDrawable(centre) || !IsDrawable(radius)) return;
  Use(colour);
  cairo_arc(context_, centre.x, centre.y, radius, 0, 2 * kPi);
  cairo_fill(context_);
}

void Painter::Ring(Point centre, double radius, double width, const Colour& colour) {
  if (!IsDrawable(centre) || !IsDrawable(radius) || !IsDrawable(width)) return;
  Use(colour);
  cairo_set_line_width(context_, width);
  cairo_arc(context_, centre.x, centre.y, radius, 0, 2 * kPi);
  cairo_stroke(context_);
}

void Painter::Arrow(Point from, Point to, double width, const Colour& colour) {
  const Point way = to - from;
  const double length = std::hypot(way.x, way.y);
  if (!(length > 0.5)) return;
  const Point unit = (1 / length) * way, side = {-unit.y, unit.x};
  const double head = std::min(length, 2 + 3.2 * width);
  const Point back = to - head * unit;
  if (length > head) Line(from, back, width, colour);
  const std::array corners = {to, back + 0.48 * head * side, back - 0.48 * head * side};
  Polygon(corners, colour);
}

void Painter::Dots(std::span<const Point> centres, double radius, const Colour& colour) {
  if (!IsDrawable(radius)) return;
  Use(colour);
  cairo_set_line_width(context_, 2 * radius);
  for (const Point& centre : centres) {  // a line of length 0 with round ends
    if (!IsDrawable(centre)) continue;
    cairo_move_to(context_, centre.x, centre.y);
    cairo_line_to(context_, centre.x, centre.y);
  }
  cairo_stroke(context_);
}

void Painter::Picture(const Surface& source, const Rect& rect, bool smooth) {
  if (source.empty() || !IsDrawable(rect) || rect.width < 1e-3 || rect.height < 1e-3) return;
  const Clip clip(*this, rect);
  cairo_translate(context_, rect.x, rect.y);
  cairo_scale(context_, rect.width / source.width(), rect.height / source.height());
  cairo_set_source_surface(context_, source.get(), 0, 0);
  cairo_pattern_t* pattern = cairo_get_source(context_);
  cairo_pattern_set_filter(pattern, smooth ? CAIRO_FILTER_BILINEAR : CAIRO_FILTER_NEAREST);
  cairo_pattern_set_extend(pattern, CAIRO_EXTEND_PAD);
  cairo_paint(context_);
}

void Painter::UseFont(double size, bool bold) {
  cairo_select_font_face(context_, theme_.font.c_str(), CAIRO_FONT_SLANT_NORMAL,
                         bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context_, size);
}

void Painter::Text(Point anchor, std::string_view text, const TextStyle& style) {
  if (text.empty() || !IsDrawable(anchor) ||
      !(style.size > kSmallestText && style.size < kLargestText))
    return;
  const auto [letters, dots] = WithoutDots(text);
  const double width =
      style.horizontal == HorizontalAlign::kLeft ? 0 : TextWidth(text, style.size, style.bold);
  double x = anchor.x, y = anchor.y;
  if (style.horizontal == HorizontalAlign::kCentre) x -= width / 2;
  if (style.horizontal == HorizontalAlign::kRight) x -= width;
  if (style.vertical == VerticalAlign::kTop) y += kCapHeight * style.size;
  if (style.vertical == VerticalAlign::kMiddle) y += kCapHeight / 2 * style.size;
  if (style.vertical == VerticalAlign::kBottom) y -= kDescent * style.size;
  UseFont(style.size, style.bold);
  Use(style.colour);
  cairo_move_to(context_, x, y);
  cairo_show_text(context_, letters.c_str());
  cairo_new_path(context_);
  for (const Dotted& dot : dots) {
    const double left = x + Measure(letters.substr(0, dot.begin)).x_advance;
    const cairo_text_extents_t letter = Measure(letters.substr(dot.begin, dot.end - dot.begin));
    const double middle = left + letter.x_bearing + letter.width / 2;
    Circle({middle, y + letter.y_bearing - 0.13 * style.size}, 0.065 * style.size, style.colour);
  }
}

void Painter::Note(Point anchor, std::string_view text, HorizontalAlign horizontal, double width) {
  Text(anchor, Fitted(text, width, theme_.small_text),
       {.size = theme_.small_text, .colour = theme_.muted_text, .horizontal = horizontal});
}

double Painter::TextWidth(std::string_view text, double size, bool bold) {
  UseFont(size, bold);
  return Measure(WithoutDots(text).letters).x_advance;
}

cairo_text_extents_t Painter::Measure(const std::string& letters) {
  cairo_text_extents_t extents;
  cairo_text_extents(context_, letters.c_str(), &extents);
  return extents;
}

std::string Painter::Fitted(std::string_view text, double width, double size, bool bold) {
  if (TextWidth(text, size, bold) <= width) return std::string(text);
  std::vector<std::size_t> ends = {0};  // of the beginnings with whole characters
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (!IsInside(text[i])) ends.push_back(i);
  }
  const auto beginning = [&](std::size_t end) { return std::string(text.substr(0, end)) + "…"; };
  const auto too_long = std::partition_point(ends.begin(), ends.end(), [&](std::size_t end) {
    return TextWidth(beginning(end), size, bold) <= width;
  });
  return too_long == ends.begin() ? "" : beginning(*std::prev(too_long));
}

Painter::Clip::Clip(Painter& painter, const Rect& rect) : context_(painter.context_) {
  cairo_save(context_);
  cairo_rectangle(context_, rect.x, rect.y, rect.width, rect.height);
  cairo_clip(context_);
}

Painter::Clip::~Clip() { cairo_restore(context_); }

}  // namespace nabla::viewer
