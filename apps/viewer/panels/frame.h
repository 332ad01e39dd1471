// Frame: draws the whole picture of a Scene. A panel is drawn again only when its data has changed.
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

  // The picture is valid until the next Draw. Both sizes must be at least 1.
  const Surface& Draw(const Scene& scene, int width, int height);

  // What is at a point of the last picture, which must be of `scene`.
  Hit Pick(const Scene& scene, Point at);

  // The number of panels that the last Draw did not take from the cache.
  int drawn() const { return drawn_; }

 private:
  // A panel as last drawn.
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
  bool several_ = false;  // more than one environment
  Layout layout_;
  Surface picture_;
  std::array<Cached, kPanels> cache_;
  std::vector<Projection> projections_;  // of the environments in the picture
  int drawn_ = 0;
};

}  // namespace nabla::viewer
