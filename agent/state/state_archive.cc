#include "agent/state/state_archive.h"

#include <cstring>
#include <stdexcept>

namespace nabla::agent {
namespace {

// Calls copy(packed offset, memory offset) for each run of bytes that is contiguous in both.
template <class Copy>
void ForEachRun(const TensorSlot& slot, const Copy& copy) {
  const std::size_t size = SizeOf(slot.dtype);
  const auto rows = static_cast<std::size_t>(slot.rows);
  const auto cols = static_cast<std::size_t>(slot.cols);
  const std::size_t stride = static_cast<std::size_t>(slot.stride) * size;
  for (std::size_t col = 0; col < cols; ++col) {
    if (!slot.is_transposed) {
      copy(col * rows * size, col * stride, rows * size);
      continue;
    }
    for (std::size_t row = 0; row < rows; ++row) {
      copy((row * cols + col) * size, col * stride + row * size, size);
    }
  }
}

}  // namespace

TensorType TensorSlot::Type() const {
  if (is_vector) return {dtype, {rows}};
  if (is_transposed) return {dtype, {rows, cols}};
  return {dtype, {cols, rows}};
}

bool TensorSlot::IsPlain() const {
  return (cols <= 1 || stride == rows) && !(is_transposed && rows > 1 && cols > 1);
}

void TensorSlot::Pack(std::span<std::byte> packed) const {
  ForEachRun(*this, [&](std::size_t to, std::size_t from, std::size_t size) {
    std::memcpy(packed.data() + to, data + from, size);
  });
}

void TensorSlot::Unpack(std::span<const std::byte> packed) const {
  ForEachRun(*this, [&](std::size_t from, std::size_t to, std::size_t size) {
    std::memcpy(data + to, packed.data() + from, size);
  });
}

StateArchive StateArchive::Group(std::string_view name, std::optional<TensorFile> file) const {
  StateArchive inner = *this;
  inner.prefix_ = FullName(name);
  if (file) inner.file_ = file;
  return inner;
}

StateArchive StateArchive::WallClock() const {
  StateArchive inner = *this;
  inner.section_ = Section::kWallClock;
  return inner;
}

void StateArchive::Tensor(std::string_view name, const TensorSlot& slot) const {
  const std::string full_name = FullName(name);
  if (!file_) {
    throw std::logic_error("tensor " + full_name + " is in no file: use Group(name, TensorFile)");
  }
  backend_->Tensor(full_name, *file_, slot);
}

void StateArchive::Require(bool holds, std::string_view name, std::string_view what) const {
  if (holds || !restoring()) return;
  throw InputError("the checkpoint is damaged: " + FullName(name) + " " + std::string(what));
}

void StateArchive::CheckCount(std::string_view name, Eigen::Index count, Eigen::Index limit) const {
  if (count >= 0 && count <= limit) return;
  throw InputError("the checkpoint has " + std::to_string(count) + " columns of " + FullName(name) +
                   ", there is room for " + std::to_string(limit));
}

std::string StateArchive::FullName(std::string_view name) const {
  return prefix_.empty() ? std::string(name) : prefix_ + "." + std::string(name);
}

}  // namespace nabla::agent
