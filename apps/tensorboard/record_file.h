// TFRecord files: what TensorBoard's events are stored in.
//
//   record = length u64 | masked CRC32C of length u32 | data | masked CRC32C of data u32
//
// all little-endian, `length` that of the data in bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "agent/state/file_io.h"

namespace nabla::tensorboard {

// A file that grows by whole records, each one write(2): a reader beside never waits for half of
// one that was written.
class RecordFile {
 public:
  // A new file. Throws IoError, also if the file exists.
  explicit RecordFile(std::filesystem::path path);

  // Throws IoError; the file is as before then.
  void Append(std::string_view data);

 private:
  std::filesystem::path path_;
  agent::FileDescriptor file_;
  std::uint64_t size_ = 0;
};

// Calls `visit` with the data of each whole record of `content`, until it returns false or a record
// is cut off or damaged. Returns the bytes of the records that were visited and accepted.
std::uint64_t VisitRecords(std::string_view content,
                           const std::function<bool(std::string_view data)>& visit);

// Cuts the file before the first record that `keep` refuses, or that is damaged.
void CutRecords(const std::filesystem::path& path,
                const std::function<bool(std::string_view data)>& keep);

}  // namespace nabla::tensorboard
