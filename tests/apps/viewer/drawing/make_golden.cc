// make_golden FOLDER: draws the pictures that picture_test compares with. Inspect them before you
// commit them. make_golden FOLDER WIDTH HEIGHT: draws whole frames of that size instead.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "agent/state/file_io.h"
#include "apps/viewer/panels/frame.h"
#include "tests/apps/viewer/drawing/pictures.h"
#include "tests/apps/viewer/drawing/sample_scene.h"

int main(int argc, char** argv) {
  using namespace nabla;
  if (argc != 2 && argc != 4)
    return std::fputs("usage: make_golden FOLDER [WIDTH HEIGHT]\n", stderr), 2;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  if (argc == 2) {
    for (const auto& [name, picture] : viewer::test::GoldenPictures()) {
      agent::WriteFileAtomically(folder / (name + ".png"), picture.Png());
    }
    return 0;
  }
  const int width = std::atoi(argv[2]), height = std::atoi(argv[3]);
  for (const bool dark : {true, false}) {
    viewer::Frame frame;
    const auto& picture = frame.Draw(viewer::test::SampleScene(dark), width, height);
    agent::WriteFileAtomically(folder / (dark ? "dark.png" : "light.png"), picture.Png());
  }
}
