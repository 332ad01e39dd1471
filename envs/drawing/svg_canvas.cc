#include "envs/drawing/svg_canvas.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace nabla::envs {
namespace {

const char* Background(bool dark) { return dark ? "#171a21" : "#ffffff"; }

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2f", value);
  return text;
}

std::string Escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '<') {
      result += "&lt;";
    } else if (c == '&') {
      result += "&amp;";
    } else {
      result += c;
    }
  }
  return result;
}

// A text element of `size` px whose letters stand around height y.
std::string TextElement(const std::string& x, const std::string& y, double size, const char* anchor,
                        const char* colour, std::string_view text) {
  return "<text x=\"" + x + "\" y=\"" + y + "\" font-size=\"" + Number(size) + "\" fill=\"" +
         colour + "\" text-anchor=\"" + anchor +
         "\" dy=\"0.35em\" font-family=\"DejaVu Sans, sans-serif\">" + Escaped(text) + "</text>\n";
}

std::string Document(double width, double height, bool dark, const std::string& panels) {
  const std::string size = "width=\"" + Number(width) + "\" height=\"" + Number(height) + "\"";
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + Number(width) +
         " " + Number(height) + "\">\n<rect " + size + " fill=\"" + Background(dark) + "\"/>\n" +
         panels + "</svg>\n";
}

constexpr double kCaptionSize = 13;  // px

}  // namespace

const char* SvgColour(Paint paint, bool dark) {
  switch (paint) {
    case Paint::kTrack:
      return dark ? "#6b7280" : "#9aa1ad";
    case Paint::kBody:
      return dark ? "#7d8fd1" : "#3b528b";
    case Paint::kLimb:
      return dark ? "#35b7ab" : "#21918c";
    case Paint::kJoint:
      return dark ? "#e6e9ef" : "#1f2430";
    case Paint::kTarget:
      return dark ? "#8fdd6a" : "#5cb85c";
    case Paint::kAction:
      return dark ? "#ff7a85" : "#d1394f";
    case Paint::kText:
      return dark ? "#c9ced8" : "#3c4350";
  }
  throw std::logic_error("a paint without a colour");
}

SvgCanvas::SvgCanvas(double left, double top, const SvgOptions& options)
    : options_(options), left_(left), top_(top) {}

void SvgCanvas::View(Point low, Point high) {
  scale_ = std::min(options_.width / (high.x - low.x), options_.height / (high.y - low.y));
  middle_ = 0.5 * (low + high);
}

std::string SvgCanvas::X(double x) const {
  return Number(options_.width / 2 + scale_ * (x - middle_.x));
}
std::string SvgCanvas::Y(double y) const {
  return Number(options_.height / 2 - scale_ * (y - middle_.y));
}
std::string SvgCanvas::Length(double metres) const { return Number(scale_ * metres); }

void SvgCanvas::Line(Point from, Point to, double width, Paint paint) {
  body_ += "<line x1=\"" + X(from.x) + "\" y1=\"" + Y(from.y) + "\" x2=\"" + X(to.x) + "\" y2=\"" +
           Y(to.y) + "\" stroke=\"" + SvgColour(paint, options_.dark) + "\" stroke-width=\"" +
           Length(width) + "\" stroke-linecap=\"round\"/>\n";
}

void SvgCanvas::Circle(Point centre, double radius, Paint paint) {
  body_ += "<circle cx=\"" + X(centre.x) + "\" cy=\"" + Y(centre.y) + "\" r=\"" + Length(radius) +
           "\" fill=\"" + SvgColour(paint, options_.dark) + "\"/>\n";
}

void SvgCanvas::Ring(Point centre, double radius, double width, Paint paint) {
  body_ += "<circle cx=\"" + X(centre.x) + "\" cy=\"" + Y(centre.y) + "\" r=\"" + Length(radius) +
           "\" fill=\"none\" stroke=\"" + SvgColour(paint, options_.dark) + "\" stroke-width=\"" +
           Length(width) + "\"/>\n";
}

void SvgCanvas::Polygon(std::span<const Point> corners, Paint paint) {
  body_ += "<polygon points=\"";
  for (const Point& corner : corners) body_ += X(corner.x) + "," + Y(corner.y) + " ";
  body_ += std::string("\" fill=\"") + SvgColour(paint, options_.dark) + "\"/>\n";
}

void SvgCanvas::Text(Point centre, double height, std::string_view text, Paint paint) {
  body_ += TextElement(X(centre.x), Y(centre.y), scale_ * height, "middle",
                       SvgColour(paint, options_.dark), text);
}

void SvgCanvas::Caption(std::string_view text) {
  body_ += TextElement(Number(kCaptionSize * 0.7), Number(options_.height - kCaptionSize),
                       kCaptionSize, "start", SvgColour(Paint::kText, options_.dark), text);
}

std::string SvgCanvas::Element() const {
  return "<svg x=\"" + Number(left_) + "\" y=\"" + Number(top_) + "\" width=\"" +
         Number(options_.width) + "\" height=\"" + Number(options_.height) +
         "\" overflow=\"hidden\">\n" + body_ + "</svg>\n";
}

std::string SvgFrame(const Environment& environment, const ConstVectorRef& action,
                     const SvgOptions& options) {
  SvgCanvas canvas(0, 0, options);
  environment.Draw(canvas, action);
  return Document(options.width, options.height, options.dark, canvas.Element());
}

std::string SvgFilmStrip(const Environment& environment, const std::vector<Moment>& moments,
                         const SvgOptions& options) {
  constexpr double kGap = 6;  // px between frames
  if (moments.empty() || options.columns < 1) {
    throw std::invalid_argument("a film strip needs at least one moment and one column");
  }
  const auto copy = environment.Clone();
  const int count = static_cast<int>(moments.size());
  const int columns = std::min(options.columns, count), rows = (count + columns - 1) / columns;
  const double step_x = options.width + kGap, step_y = options.height + kGap;
  std::string panels;
  for (int i = 0; i < count; ++i) {
    const Moment& moment = moments[static_cast<std::size_t>(i)];
    const int column = i % columns, row = i / columns;
    const double x = kGap + step_x * column, y = kGap + step_y * row;
    SvgCanvas canvas(x, y, options);
    copy->SetState(moment.state);
    copy->Draw(canvas, moment.action);
    canvas.Caption(Number(moment.time) + " s");
    panels += canvas.Element();
    panels += "<rect x=\"" + Number(x) + "\" y=\"" + Number(y) + "\" width=\"" +
              Number(options.width) + "\" height=\"" + Number(options.height) +
              "\" fill=\"none\" stroke=\"" + SvgColour(Paint::kTrack, options.dark) +
              "\" stroke-width=\"0.8\"/>\n";
  }
  return Document(kGap + step_x * columns, kGap + step_y * rows, options.dark, panels);
}

}  // namespace nabla::envs
