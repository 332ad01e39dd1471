// Frame: a whole picture of a Scene. A panel whose data is what it was is not drawn again.
//
//     Frame frame;
//     const Surface& picture = frame.Draw(scene, 1280, 720);
//     Hit hit = frame.Pick(scene, {x, y});
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "apps/viewer/drawing/cairo_canvas.h"
#include "apps/viewer/drawing/surface.h"
#include "apps/viewer/drawing/theme.h"
#include "apps/viewer/panels/layout.h"
#include "apps/viewer/scene/view_model.h"

namespace nabla::viewer {

class Frame {
 public:
  explicit Frame(std::string font = kDefaultFont) : font_(std::move(font)) {}

  // The picture holds until the next Draw. Both sizes are at least 1.
  const Surface& Draw(const Scene& scene, int width, int height);

  // What stands at a point of the last picture, which was one of `scene`.
  Hit Pick(const Scene& scene, Point at);

  // Panels drawn by the last Draw, not taken from the last picture: for tests and benchmarks.
  int drawn() const { return drawn_; }

 private:
  // A panel as it was drawn last.
  struct Cached {
    Surface surface;
    std::shared_ptr<const void> data;
    bool valid = false;
  };

  void Begin(const Scene& scene, int width, int height);
  void DrawPanel(const Scene& scene, const PlacedPanel& placed);

  std::string font_;
  Theme theme_;
  PanelSet panels_;
  bool several_ = false;  // environments
  Layout layout_;
  Surface picture_;
  std::array<Cached, kPanels> cache_;
  std::vector<Projection> projections_;  // of the environments in the picture
  int drawn_ = 0;
};

}  // namespace nabla::viewer
