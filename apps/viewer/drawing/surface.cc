#include "apps/viewer/drawing/surface.h"

#include <algorithm>
#include <cstring>

namespace nabla::viewer {

cairo_status_t AppendBytes(void* text, const unsigned char* bytes, unsigned length) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

CairoError::CairoError(const std::string& what, cairo_status_t status)
    : std::runtime_error("cannot " + what + ": " + cairo_status_to_string(status)) {}

Surface::Surface(int width, int height)
    : width_(width),
      height_(height),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)) {
  const cairo_status_t status = cairo_surface_status(surface_.get());
  if (status != CAIRO_STATUS_SUCCESS) {
    throw CairoError(
        "make a picture of " + std::to_string(width) + "x" + std::to_string(height) + " px",
        status);
  }
}

Surface Surface::ReadPng(const std::filesystem::path& path) {
  const std::unique_ptr<cairo_surface_t, Destroy> file(
      cairo_image_surface_create_from_png(path.c_str()));
  const cairo_status_t status = cairo_surface_status(file.get());
  if (status != CAIRO_STATUS_SUCCESS) throw CairoError("read " + path.string(), status);
  Surface result(cairo_image_surface_get_width(file.get()),
                 cairo_image_surface_get_height(file.get()));
  cairo_t* context = cairo_create(result.get());
  cairo_set_source_surface(context, file.get(), 0, 0);
  cairo_paint(context);
  cairo_destroy(context);
  return result;
}

// A row of 32-bit pixels needs no padding: its stride is 4 · width.
std::span<std::uint32_t> Surface::pixels() {
  if (empty()) return {};
  cairo_surface_flush(surface_.get());
  cairo_surface_mark_dirty(surface_.get());
  return {reinterpret_cast<std::uint32_t*>(cairo_image_surface_get_data(surface_.get())),
          static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)};
}

std::span<const std::uint32_t> Surface::pixels() const {
  if (empty()) return {};
  cairo_surface_flush(surface_.get());
  return {reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(surface_.get())),
          static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)};
}

std::string Surface::Png(const std::atomic<bool>* stop) const {
  struct Stream {
    std::string bytes;
    const std::atomic<bool>* stop;
  } stream{"", stop};
  const auto append = [](void* to, const unsigned char* bytes, unsigned length) {
    auto& out = *static_cast<Stream*>(to);
    if (out.stop != nullptr && *out.stop) return CAIRO_STATUS_WRITE_ERROR;
    return AppendBytes(&out.bytes, bytes, length);
  };
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface_.get(), append, &stream);
  if (status != CAIRO_STATUS_SUCCESS) throw CairoError("make a PNG", status);
  return std::move(stream.bytes);
}

void Surface::Copy(const Surface& source, int x, int y) {
  const int left = std::max(0, -x), top = std::max(0, -y);
  const int columns = std::min(source.width_, width_ - x) - left;
  const int rows = std::min(source.height_, height_ - y) - top;
  if (columns <= 0 || rows <= 0) return;
  const std::span<const std::uint32_t> from = source.pixels();
  const std::span<std::uint32_t> to = pixels();
  const auto index = [](int row, int width, int column) {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(column);
  };
  for (int row = top; row < top + rows; ++row) {
    std::memcpy(&to[index(y + row, width_, x + left)], &from[index(row, source.width_, left)],
                static_cast<std::size_t>(columns) * sizeof(std::uint32_t));
  }
}

void Surface::ToRgba(std::span<std::uint8_t> rgba) const {
  std::uint8_t* out = rgba.data();
  for (const std::uint32_t pixel : pixels()) {
    *out++ = static_cast<std::uint8_t>(pixel >> 16);
    *out++ = static_cast<std::uint8_t>(pixel >> 8);
    *out++ = static_cast<std::uint8_t>(pixel);
    *out++ = 255;
  }
}

}  // namespace nabla::viewer
