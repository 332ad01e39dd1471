// Surface: an opaque picture in memory that Cairo draws on, one 32-bit word 0x??RRGGBB per pixel,
// row by row from the top.
#pragma once

#include <cairo.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace nabla::viewer {

// An error of Cairo: out of memory, a picture too large, an invalid PNG.
class CairoError : public std::runtime_error {
 public:
  CairoError(const std::string& what, cairo_status_t status);
};

// A stream of Cairo that appends to a std::string.
cairo_status_t AppendBytes(void* text, const unsigned char* bytes, unsigned length);

class Surface {
 public:
  Surface() = default;  // 0 × 0
  Surface(int width, int height);

  // Throws CairoError.
  static Surface ReadPng(const std::filesystem::path& path);

  int width() const { return width_; }
  int height() const { return height_; }
  bool empty() const { return width_ == 0 || height_ == 0; }
  cairo_surface_t* get() const { return surface_.get(); }

  // [height · width] words. May be mixed with drawing by Cairo.
  std::span<std::uint32_t> pixels();
  std::span<const std::uint32_t> pixels() const;

  // The content of a PNG file. Throws CairoError, also when `stop` is set.
  std::string Png(const std::atomic<bool>* stop = nullptr) const;

  // Copies `source` with its upper left corner at (x, y), clipped to this surface.
  void Copy(const Surface& source, int x, int y);

  // rgba [4 · height · width] = the bytes R, G, B, 255 of each pixel.
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
