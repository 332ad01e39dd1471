// The pictures look like those in tests/golden/viewer, which are drawn by
//   build/release/bin/make_golden tests/golden/viewer
#include <fstream>
#include <string>

#include "apps/viewer/drawing/painter.h"
#include "apps/viewer/panels/frame.h"
#include "tests/apps/viewer/drawing/difference.h"
#include "tests/apps/viewer/drawing/pictures.h"
#include "tests/apps/viewer/drawing/sample_scene.h"
#include "tests/support/catch.h"

namespace nabla::viewer::test {
namespace {

namespace fs = std::filesystem;

// The picture moved to the right by a fraction of a pixel.
Surface Moved(const Surface& picture, double pixels) {
  Surface moved(picture.width(), picture.height());
  moved.Copy(picture, 0, 0);
  const Theme theme = MakeTheme(true, 1280, 720);
  Painter painter(moved, theme);
  painter.Picture(picture, {pixels, 0, 1.0 * picture.width(), 1.0 * picture.height()}, true);
  return moved;
}

Surface Copied(const Surface& picture) {
  Surface copy(picture.width(), picture.height());
  copy.Copy(picture, 0, 0);
  return copy;
}

TEST_CASE("pictures look like the golden ones") {
  const fs::path folder = NABLA_SOURCE_DIR "/tests/golden/viewer";
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder))
    files += entry.path().extension() == ".png";
  const auto pictures = GoldenPictures();
  CHECK(files == pictures.size());
  for (const auto& [name, picture] : pictures) {
    INFO(name);
    const Difference difference = Compare(picture, Surface::ReadPng(folder / (name + ".png")));
    INFO("mean " << difference.mean << ", worst " << difference.worst);
    CHECK(LooksTheSame(difference));
    if (LooksTheSame(difference)) continue;
    std::ofstream(name + ".png", std::ios::binary) << picture.Png();  // for inspection
  }
}

TEST_CASE("the distance of pictures ignores anti-aliasing but not content") {
  for (const auto& [name, picture] : GoldenPictures()) {
    INFO(name);
    CHECK(Compare(picture, picture).worst == 0);
    const Difference moved = Compare(picture, Moved(picture, 0.5));
    INFO("moved by half a pixel: mean " << moved.mean << ", worst " << moved.worst);
    CHECK(LooksTheSame(moved));
  }
  Frame frame;
  Scene scene = SampleScene();
  const Surface before = Copied(frame.Draw(scene, 800, 450));
  auto curve = std::make_shared<LearningCurve>(*scene.learning_curve);
  for (auto& evaluation : curve->evaluations) evaluation.mean -= 200;
  scene.learning_curve = curve;
  const Difference another = Compare(before, frame.Draw(scene, 800, 450));
  INFO("another curve: mean " << another.mean << ", worst " << another.worst);
  CHECK_FALSE(LooksTheSame(another));
}

TEST_CASE("a panel is drawn again only if its data has changed") {
  Frame frame;
  Scene scene = SampleScene();
  frame.Draw(scene, 1280, 720);
  CHECK(frame.drawn() == kPanels);
  frame.Draw(scene, 1280, 720);
  CHECK(frame.drawn() == 1);  // the environment is always drawn
  scene.value_map = std::make_shared<ValueMap>(*scene.value_map);
  scene.network = nullptr;
  frame.Draw(scene, 1280, 720);
  CHECK(frame.drawn() == 3);
  scene.dark = false;
  frame.Draw(scene, 1280, 720);
  CHECK(frame.drawn() == kPanels);
  scene.panels.reset(static_cast<std::size_t>(Panel::kNetwork));
  frame.Draw(scene, 1280, 720);
  CHECK(frame.drawn() == kPanels - 1);
  frame.Draw(scene, 640, 360);
  CHECK(frame.drawn() >= 1);
}

TEST_CASE("a cached picture equals a new one") {
  Frame kept;
  Scene scene = SampleScene();
  for (const bool help : {false, true, false}) {
    scene.shows_help = help;
    scene.map_track.points.pop_back();
    const Surface& cached = kept.Draw(scene, 1280, 720);
    Frame fresh;
    const Surface& anew = fresh.Draw(scene, 1280, 720);
    const auto a = cached.pixels(), b = anew.pixels();
    CHECK(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  }
}

TEST_CASE("Pick finds what is under a point") {
  Frame frame;
  const Scene scene = SampleScene();
  frame.Draw(scene, 1280, 720);
  int environment = 0, map = 0;
  for (int y = 0; y < 720; y += 8) {
    for (int x = 0; x < 1280; x += 8) {
      const Hit hit = frame.Pick(scene, {1.0 * x, 1.0 * y});
      if (!hit.found) continue;
      if (hit.panel == Panel::kEnvironment) {
        ++environment;
        continue;
      }
      REQUIRE(hit.panel == Panel::kValueMap);
      ++map;
      CHECK(hit.x >= scene.value_map->x.range.low);
      CHECK(hit.x <= scene.value_map->x.range.high);
      CHECK(hit.y >= scene.value_map->y.range.low);
      CHECK(hit.y <= scene.value_map->y.range.high);
    }
  }
  CHECK(environment > 1000);
  CHECK(map > 200);
  CHECK_FALSE(frame.Pick(scene, {-1, -1}).found);
}

TEST_CASE("memory does not grow over 10,000 pictures", "[slow]") {
  const auto resident = [] {
    std::ifstream statm("/proc/self/statm");
    long size = 0, pages = 0;
    statm >> size >> pages;
    return pages * 4;  // KiB
  };
  Frame frame;
  Scene scene = SampleScene();
  long before = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (i % 10 == 0) scene.value_map = std::make_shared<ValueMap>(*scene.value_map);
    if (i % 100 == 0) scene.training = std::make_shared<TrainingCurves>(*scene.training);
    scene.environments[0].time = 0.01 * i;
    scene.environments[0].total_reward = -0.173 * i;
    scene.status.step = 17 * i;
    frame.Draw(scene, 480 + i / 5000, 400);
    if (i == 2'000) before = resident();
  }
  CHECK(resident() - before < 4'000);
}

}  // namespace
}  // namespace nabla::viewer::test
