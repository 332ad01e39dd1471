#include "apps/viewer/panels/frame.h"

#include <cmath>

#include "apps/viewer/panels/panels.h"

namespace nabla::viewer {

// Discards the cache if the size, the theme or the set of panels has changed.
void Frame::Begin(const Scene& scene, int width, int height) {
  drawn_ = 0;
  const bool same_size = picture_.width() == width && picture_.height() == height;
  const bool several = scene.environments.size() > 1;
  if (same_size && theme_.dark == scene.dark && panels_ == scene.panels && several == several_) {
    return;
  }
  if (!same_size) picture_ = Surface(width, height);
  theme_ = MakeTheme(scene.dark, width, height, font_);
  panels_ = scene.panels;
  several_ = several;
  layout_ = MakeLayout(width, height, theme_, panels_, scene.environments.size());
  for (Cached& cached : cache_) cached = {};
  Painter painter(picture_, theme_);
  painter.Fill(painter.bounds(), theme_.ground);
}

void Frame::DrawPanel(const Scene& scene, const PlacedPanel& placed) {
  const PanelDrawing& drawing = PanelDrawings()[IndexOf(placed.panel)];
  Cached& cached = cache_[IndexOf(placed.panel)];
  const std::shared_ptr<const void> data = drawing.data(scene);
  const bool is_environment = placed.panel == Panel::kEnvironment;
  if (!cached.valid || is_environment || cached.data != data) {
    if (cached.surface.empty()) {
      cached.surface =
          Surface(static_cast<int>(placed.rect.width), static_cast<int>(placed.rect.height));
    }
    Painter painter(cached.surface, theme_);
    const Rect area = painter.bounds();
    painter.Fill(area, theme_.ground);  // behind the round corners
    if (is_environment) {
      projections_ = DrawEnvironments(painter, area, scene);
      for (Projection& projection : projections_)
        projection.area.x += placed.rect.x, projection.area.y += placed.rect.y;
    } else {
      drawing.draw(painter, area, scene);
    }
    cached.data = data;
    cached.valid = true;
    ++drawn_;
  }
  picture_.Copy(cached.surface, static_cast<int>(placed.rect.x), static_cast<int>(placed.rect.y));
}

const Surface& Frame::Draw(const Scene& scene, int width, int height) {
  Begin(scene, width, height);
  for (const PlacedPanel& placed : layout_.panels) DrawPanel(scene, placed);
  Painter painter(picture_, theme_);
  for (const PlacedPanel& placed : layout_.panels) {
    if (placed.panel == Panel::kValueMap) DrawMapTrack(painter, placed.rect, scene);
  }
  DrawStatus(painter, layout_.status, scene.status, layout_.omitted);
  if (scene.shows_help && scene.help) DrawHelp(painter, painter.bounds(), *scene.help);
  return picture_;
}

Hit Frame::Pick(const Scene& scene, Point at) {
  Hit hit;
  for (const PlacedPanel& placed : layout_.panels) {
    if (!placed.rect.Contains(at)) continue;
    hit.panel = placed.panel;
    if (placed.panel == Panel::kValueMap) {
      Painter painter(picture_, theme_);
      const auto state = PickOnValueMap(painter, placed.rect, scene, at);
      if (!state) return hit;
      return {true, placed.panel, 0, (*state)[0], (*state)[1]};
    }
    if (placed.panel != Panel::kEnvironment) return hit;
    for (std::size_t i = 0; i < projections_.size(); ++i) {
      if (!projections_[i].area.Contains(at)) continue;
      const envs::Point metres = projections_[i].ToMetres(at);
      const bool found = std::isfinite(metres.x) && std::isfinite(metres.y);
      return {found, placed.panel, i, metres.x, metres.y};
    }
  }
  return hit;
}

}  // namespace nabla::viewer
