#include "agent/state/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "agent/state/state_json.h"

namespace nabla::agent {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "files are little-endian");

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeader = 32 << 20;  // bytes
constexpr std::string_view kMetadataKey = "__metadata__";

struct DTypeEntry {
  DType dtype;
  std::string_view name;
  std::size_t size;  // bytes
};
constexpr std::array<DTypeEntry, 4> kDTypes{{
    {DType::kF32, "F32", 4},
    {DType::kF64, "F64", 8},
    {DType::kU8, "U8", 1},
    {DType::kI64, "I64", 8},
}};

const DTypeEntry& Find(DType dtype) {
  return *std::find_if(kDTypes.begin(), kDTypes.end(),
                       [&](const DTypeEntry& entry) { return entry.dtype == dtype; });
}

// The size in bytes of a tensor whose shape comes from a file; nothing if it exceeds 63 bits.
std::optional<std::uint64_t> CheckedBytes(const TensorType& type) {
  std::uint64_t bytes = SizeOf(type.dtype);
  for (const std::int64_t extent : type.shape) {
    if (__builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes)) return {};
  }
  return bytes >> 63 ? std::nullopt : std::optional(bytes);
}

std::string HeaderFor(const std::vector<TensorView>& tensors, const TextMap& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header[std::string(kMetadataKey)] = metadata;
  std::uint64_t offset = 0;
  for (const TensorView& tensor : tensors) {
    if (tensor.data.size() != tensor.type.Bytes() || header.contains(tensor.name)) {
      throw std::logic_error("tensor " + tensor.name + " is given twice or has a wrong length");
    }
    header[tensor.name] = {{"dtype", Find(tensor.type.dtype).name},
                           {"shape", tensor.type.shape},
                           {"data_offsets", {offset, offset + tensor.data.size()}}};
    offset += tensor.data.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

bool IsListOfUnsigned(const Json& object, const char* key) {
  const auto list = object.find(key);
  return list != object.end() && list->is_array() &&
         std::all_of(list->begin(), list->end(), [](const Json& item) {
           return item.is_number_unsigned() && item.get<std::uint64_t>() <= INT64_MAX;
         });
}

// One tensor of a header, with its offset from the beginning of the data. Throws an InputError that
// lacks the name of the file.
SafetensorsFile::Entry ParseEntry(const Json& value, std::uint64_t data_size) {
  const auto require = [](bool condition, const std::string& otherwise) {
    if (!condition) throw InputError(otherwise);
  };
  require(value.is_object() && value.contains("dtype") && value["dtype"].is_string() &&
              IsListOfUnsigned(value, "shape") && IsListOfUnsigned(value, "data_offsets") &&
              value["data_offsets"].size() == 2,
          "lacks a dtype, shape or data_offsets");
  const auto dtype = std::find_if(kDTypes.begin(), kDTypes.end(), [&](const DTypeEntry& entry) {
    return entry.name == value["dtype"].get_ref<const std::string&>();
  });
  require(dtype != kDTypes.end(),
          "has dtype " + JsonText(value["dtype"]) + "; known: F32, F64, U8, I64");

  SafetensorsFile::Entry entry{{dtype->dtype, value["shape"]}, value["data_offsets"][0]};
  const std::uint64_t end = value["data_offsets"][1];
  require(entry.begin <= end && end <= data_size,
          "lies outside the file (bytes " + std::to_string(entry.begin) + " to " +
              std::to_string(end) + " of " + std::to_string(data_size) + "); truncated?");
  require(
      CheckedBytes(entry.type) == end - entry.begin,
      "is " + entry.type.ToString() + " but has " + std::to_string(end - entry.begin) + " bytes");
  return entry;
}

}  // namespace

std::size_t SizeOf(DType dtype) { return Find(dtype).size; }

std::uint64_t TensorType::Bytes() const {
  std::uint64_t bytes = SizeOf(dtype);
  for (const std::int64_t extent : shape) bytes *= static_cast<std::uint64_t>(extent);
  return bytes;
}

std::string TensorType::ToString() const {
  std::string text = std::string(Find(dtype).name) + " [";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}

FileRecord WriteSafetensors(const std::filesystem::path& path, std::vector<TensorView> tensors,
                            const TextMap& metadata) {
  // Wide types first, so that every tensor is aligned to the size of its type.
  std::stable_sort(tensors.begin(), tensors.end(), [](const TensorView& a, const TensorView& b) {
    return SizeOf(a.type.dtype) > SizeOf(b.type.dtype);
  });
  const std::string header = HeaderFor(tensors, metadata);
  const std::uint64_t length = header.size();
  OutputFile file(path);
  file.Write(std::as_bytes(std::span(&length, 1)));
  file.Write(BytesOf(header));
  for (const TensorView& tensor : tensors) file.Write(tensor.data);
  return file.Commit();
}

SafetensorsFile::SafetensorsFile(InputFile file) : file_(std::move(file)) {
  if (file_.size() < kLengthBytes) Fail("is too short for a safetensors file");
  std::uint64_t length = 0;
  file_.Read(0, std::as_writable_bytes(std::span(&length, 1)));
  if (length > kMaxHeader) Fail("is not a safetensors file (header length is absurd)");
  if (length > file_.size() - kLengthBytes) Fail("is truncated or not a safetensors file");
  std::string text(length, '\0');
  file_.Read(kLengthBytes, std::as_writable_bytes(std::span(text.data(), text.size())));
  ParseHeader(text, kLengthBytes + length);
  CheckLayout(kLengthBytes + length);
}

void SafetensorsFile::ParseHeader(const std::string& text, std::uint64_t data_begin) {
  const Json header = ParseJson(text, file_.path());
  if (!header.is_object()) Fail("is not a safetensors file (header is not JSON)");
  for (const auto& [name, value] : header.items()) {
    if (name == kMetadataKey) {
      for (const auto& [key, entry] : value.items()) {
        if (!entry.is_string()) Fail("has metadata that is not text");
        metadata_[key] = entry.get<std::string>();
      }
      continue;
    }
    try {
      Entry entry = ParseEntry(value, file_.size() - data_begin);
      entry.begin += data_begin;
      entries_.emplace(name, std::move(entry));
    } catch (const InputError& error) {
      Fail("has a bad header: tensor " + JsonText(name) + " " + error.what());
    }
  }
}

// The tensors must cover the data without overlap and without gaps.
void SafetensorsFile::CheckLayout(std::uint64_t data_begin) const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const auto& [name, entry] : entries_) {
    ranges.emplace_back(entry.begin, entry.begin + entry.type.Bytes());
  }
  std::sort(ranges.begin(), ranges.end());
  std::uint64_t reached = data_begin;
  for (const auto& [begin, end] : ranges) {
    if (begin != reached) Fail("has tensors that overlap or leave gaps");
    reached = end;
  }
  if (reached != file_.size()) Fail("has bytes that belong to no tensor");
}

void SafetensorsFile::Read(const std::string& name, const TensorType& expected,
                           std::span<std::byte> out) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    Fail("has no tensor " + name + " (expected " + expected.ToString() + ")");
  }
  if (found->second.type != expected) {
    Fail("has tensor " + name + " of type " + found->second.type.ToString() + ", expected " +
         expected.ToString());
  }
  file_.Read(found->second.begin, out);
}

void SafetensorsFile::Fail(const std::string& what) const {
  throw InputError(file_.path().string() + " " + what);
}

}  // namespace nabla::agent
