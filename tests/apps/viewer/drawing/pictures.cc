#include "tests/apps/viewer/drawing/pictures.h"

#include "apps/viewer/panels/frame.h"
#include "apps/viewer/panels/panels.h"
#include "tests/apps/viewer/drawing/sample_scene.h"

namespace nabla::viewer::test {
namespace {

Surface PanelPicture(Panel panel, const Scene& scene) {
  const Theme theme = MakeTheme(scene.dark, 1280, 720);
  Surface surface(400, panel == Panel::kEnvironment ? 440 : 225);
  Painter painter(surface, theme);
  painter.Fill(painter.bounds(), theme.ground);
  PanelDrawings()[IndexOf(panel)].draw(painter, painter.bounds(), scene);
  if (panel == Panel::kValueMap) DrawMapTrack(painter, painter.bounds(), scene);
  return surface;
}

Surface FramePicture(const Scene& scene, int width, int height) {
  Frame frame;
  Surface copy(width, height);
  copy.Copy(frame.Draw(scene, width, height), 0, 0);
  return copy;
}

}  // namespace

std::vector<NamedPicture> GoldenPictures() {
  std::vector<NamedPicture> pictures;
  const Scene scene = SampleScene();
  for (const PanelInfo& info : kPanelTable) {
    pictures.push_back({std::string(info.name), PanelPicture(info.panel, scene)});
  }
  Scene help = SampleScene();
  help.shows_help = true;
  pictures.push_back({"frame_help", FramePicture(help, 800, 450)});
  pictures.push_back({"frame_light", FramePicture(SampleScene(false), 800, 450)});
  pictures.push_back({"frame_comparison", FramePicture(LargeScene(4, 2), 960, 540)});
  pictures.push_back({"frame_empty", FramePicture(Scene(), 640, 360)});
  return pictures;
}

}  // namespace nabla::viewer::test
