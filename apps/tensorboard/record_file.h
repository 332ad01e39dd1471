// TFRecord files, in which TensorBoard's events are stored.
//
//   record = length u64 | masked CRC32C of length u32 | data | masked CRC32C of data u32
//
// All numbers are little-endian; `length` is that of the data in bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace nabla::tensorboard {

// CRC32C: the cyclic redundancy check with Castagnoli's polynomial (RFC 3720, appendix B.4).
// Crc32c("123456789") = 0xe3069283.
std::uint32_t Crc32c(std::string_view bytes);

// (crc rotated right by 15) + 0xa282ead8, so that data that contain checksums can be checked, too.
std::uint32_t MaskedCrc32c(std::string_view bytes);

// The bytes of the record that holds `data`.
std::string Record(std::string_view data);

// Calls `visit` with the data of each record of `content`, until `visit` returns false or a record
// is incomplete or damaged. Returns the number of bytes of the records that `visit` accepted.
std::uint64_t VisitRecords(std::string_view content,
                           const std::function<bool(std::string_view data)>& visit);

// Truncates the file before the first record that `keep` rejects or that is damaged.
void CutRecords(const std::filesystem::path& path,
                const std::function<bool(std::string_view data)>& keep);

}  // namespace nabla::tensorboard
