// Surface: an opaque picture in memory, one 32-bit word 0x??RRGGBB a pixel, row by row from the
// top. What Cairo draws on; whoever shows or writes pictures reads the words.
#pragma once

#include <cairo.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace nabla::viewer {

// Thrown where Cairo refuses: out of memory, a picture too large, a PNG that is none.
class CairoError : public std::runtime_error {
 public:
  CairoError(const std::string& what, cairo_status_t status);
};

class Surface {
 public:
  Surface() = default;  // no picture: 0 × 0
  Surface(int width, int height);

  // Throws CairoError.
  static Surface ReadPng(const std::filesystem::path& path);

  int width() const { return width_; }
  int height() const { return height_; }
  bool empty() const { return width_ == 0 || height_ == 0; }
  cairo_surface_t* get() const { return surface_.get(); }

  // [height · width] words. Cairo may have drawn before and may draw afterwards.
  std::span<std::uint32_t> pixels();
  std::span<const std::uint32_t> pixels() const;

  // The picture as the bytes of a PNG file.
  std::string Png() const;

  // Copies `source` with its upper left corner to (x, y); what falls outside is left out.
  void Copy(const Surface& source, int x, int y);

  // Bytes R, G, B, 255 of each pixel into `rgba` [4 · height · width].
  void ToRgba(std::span<std::uint8_t> rgba) const;

 private:
  struct Destroy {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  };

  int width_ = 0;
  int height_ = 0;
  std::unique_ptr<cairo_surface_t, Destroy> surface_;
};

}  // namespace nabla::viewer
