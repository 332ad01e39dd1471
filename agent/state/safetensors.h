// safetensors: named tensors in one file. The Python package `safetensors` reads them.
//
//   8 bytes   length n of the header, little-endian
//   n bytes   JSON: {"__metadata__": {text: text}, "<name>": {"dtype": "F32", "shape": [2, 3],
//                    "data_offsets": [begin, end]}, ...}, padded with spaces to a multiple of 8
//   the rest  the values of the tensors, little-endian, C order, without gaps; offsets count from
//   here
//
// The reader checks every length, offset, type and shape before it uses them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "agent/state/file_io.h"

namespace nabla::agent {

enum class DType { kF32, kF64, kU8, kI64 };

template <class T>
constexpr DType DTypeOf() {
  if constexpr (std::is_same_v<T, float>) return DType::kF32;
  if constexpr (std::is_same_v<T, double>) return DType::kF64;
  if constexpr (std::is_same_v<T, std::uint8_t>) return DType::kU8;
  if constexpr (std::is_same_v<T, std::int64_t>) return DType::kI64;
}

std::size_t SizeOf(DType dtype);  // bytes

struct TensorType {
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;  // C order: the last index runs fastest

  std::uint64_t Bytes() const;
  std::string ToString() const;  // "F32 [64, 3]"
  bool operator==(const TensorType&) const = default;
};

// A tensor to be written; `data` is not copied.
struct TensorView {
  std::string name;
  TensorType type;
  std::span<const std::byte> data;  // [type.Bytes()]
};

using TextMap = std::map<std::string, std::string>;

// Writes `path` and flushes it to the disk. Not atomic: checkpoints rename the folder of the file.
FileRecord WriteSafetensors(const std::filesystem::path& path, std::vector<TensorView> tensors,
                            const TextMap& metadata);

class SafetensorsFile {
 public:
  // Reads and checks the header. Throws InputError, one line that names the file.
  explicit SafetensorsFile(InputFile file);

  struct Entry {
    TensorType type;
    std::uint64_t begin = 0;  // bytes from the beginning of the file
  };
  const std::map<std::string, Entry>& entries() const { return entries_; }
  const TextMap& metadata() const { return metadata_; }
  const InputFile& file() const { return file_; }

  // Fills `out` [expected.Bytes()] with the tensor `name`. Throws an InputError that names the
  // file, the tensor and both types if it is missing or has another type.
  void Read(const std::string& name, const TensorType& expected, std::span<std::byte> out) const;

 private:
  void ParseHeader(const std::string& text, std::uint64_t data_begin);
  void CheckLayout(std::uint64_t data_begin) const;
  [[noreturn]] void Fail(const std::string& what) const;

  InputFile file_;
  std::map<std::string, Entry> entries_;
  TextMap metadata_;
};

}  // namespace nabla::agent
