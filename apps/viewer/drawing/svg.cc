#include "apps/viewer/drawing/svg.h"

#include <cairo-svg.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "apps/viewer/drawing/cairo_canvas.h"
#include "apps/viewer/drawing/ticks.h"

namespace nabla::viewer {
namespace {

// A document of width × height px, in the colours of `theme`.
class SvgDocument {
 public:
  SvgDocument(double width, double height, const Theme& theme)
      : surface_(cairo_svg_surface_create_for_stream(AppendBytes, &text_, width, height)),
        painter_(surface_.get(), width, height, theme) {
    cairo_svg_surface_set_document_unit(surface_.get(), CAIRO_SVG_UNIT_PX);
    painter_.Fill(painter_.bounds(), theme.card);
  }

  Painter& painter() { return painter_; }

  std::string Finish() {
    cairo_surface_finish(surface_.get());
    const cairo_status_t status = cairo_surface_status(surface_.get());
    if (status != CAIRO_STATUS_SUCCESS) throw CairoError("make an SVG", status);
    return std::move(text_);
  }

 private:
  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  };

  std::string text_;
  std::unique_ptr<cairo_surface_t, Destroy> surface_;
  Painter painter_;
};

void DrawEnvironment(Painter& painter, const Rect& area, const envs::Environment& environment,
                     const envs::ConstVectorRef& action) {
  const Painter::Clip clip(painter, area);
  CairoCanvas canvas(painter, area);
  environment.Draw(canvas, action);
}

}  // namespace

std::string SvgFrame(const envs::Environment& environment, const envs::ConstVectorRef& action,
                     const SvgOptions& options) {
  const Theme theme = MakeTheme(options.dark, 1280, 720);
  SvgDocument document(options.width, options.height, theme);
  DrawEnvironment(document.painter(), document.painter().bounds(), environment, action);
  return document.Finish();
}

std::string SvgFilmStrip(const envs::Environment& environment, const std::vector<Moment>& moments,
                         const SvgOptions& options) {
  constexpr double kGap = 6;  // px between frames
  if (moments.empty() || options.columns < 1) {
    throw std::invalid_argument("a film strip needs at least one moment and one column");
  }
  const auto copy = environment.Clone();
  const int count = static_cast<int>(moments.size());
  const int columns = std::min(options.columns, count), rows = (count + columns - 1) / columns;
  const double step_x = options.width + kGap, step_y = options.height + kGap;
  const Theme theme = MakeTheme(options.dark, 1280, 720);
  SvgDocument document(kGap + step_x * columns, kGap + step_y * rows, theme);
  Painter& painter = document.painter();
  for (int i = 0; i < count; ++i) {
    const Moment& moment = moments[static_cast<std::size_t>(i)];
    const Rect frame = {kGap + step_x * (i % columns), kGap + step_y * (i / columns), options.width,
                        options.height};
    copy->SetState(moment.state);
    DrawEnvironment(painter, frame, *copy, moment.action);
    painter.Text({frame.x + theme.gap, frame.bottom() - theme.title_text},
                 Label(moment.time, 2) + " s", {.size = theme.title_text, .colour = theme.text});
    painter.StrokeRounded(frame, 0, theme.hairline, theme.axis);
  }
  return document.Finish();
}

}  // namespace nabla::viewer
