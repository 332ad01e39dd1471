#include "tests/apps/viewer/drawing/difference.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "tests/apps/viewer/drawing/vision.h"

namespace nabla::viewer::test {
namespace {

constexpr int kBlock = 4;  // px
constexpr int kTile = 8;   // blocks

struct Blocks {
  int columns = 0, rows = 0;
  std::vector<Lab> means;

  const Lab& at(int row, int column) const {
    return means[static_cast<std::size_t>(row * columns + column)];
  }
};

Lab LabOf(std::uint32_t pixel) {
  return ToLab({(pixel >> 16 & 255) / 255.0, (pixel >> 8 & 255) / 255.0, (pixel & 255) / 255.0});
}

Blocks MeansOf(const Surface& picture) {
  Blocks blocks{
      (picture.width() + kBlock - 1) / kBlock, (picture.height() + kBlock - 1) / kBlock, {}};
  const auto pixels = picture.pixels();
  for (int row = 0; row < blocks.rows; ++row) {
    for (int column = 0; column < blocks.columns; ++column) {
      Lab sum;
      int count = 0;
      for (int y = row * kBlock; y < std::min((row + 1) * kBlock, picture.height()); ++y) {
        for (int x = column * kBlock; x < std::min((column + 1) * kBlock, picture.width()); ++x) {
          const Lab lab = LabOf(pixels[static_cast<std::size_t>(y * picture.width() + x)]);
          sum.lightness += lab.lightness, sum.a += lab.a, sum.b += lab.b;
          ++count;
        }
      }
      blocks.means.push_back({sum.lightness / count, sum.a / count, sum.b / count});
    }
  }
  return blocks;
}

}  // namespace

Difference Compare(const Surface& a, const Surface& b) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (a.width() != b.width() || a.height() != b.height()) return {kInfinite, kInfinite};
  const Blocks x = MeansOf(a), y = MeansOf(b);
  Difference difference;
  for (int top = 0; top < x.rows; top += kTile) {
    for (int left = 0; left < x.columns; left += kTile) {
      double sum = 0;
      int count = 0;
      for (int row = top; row < std::min(top + kTile, x.rows); ++row) {
        for (int column = left; column < std::min(left + kTile, x.columns); ++column) {
          sum += Distance(x.at(row, column), y.at(row, column));
          ++count;
        }
      }
      difference.mean += sum / (x.rows * x.columns);
      difference.worst = std::max(difference.worst, sum / count);
    }
  }
  return difference;
}

}  // namespace nabla::viewer::test
