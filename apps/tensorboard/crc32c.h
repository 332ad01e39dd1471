// CRC32C: the cyclic redundancy check with Castagnoli's polynomial (RFC 3720, appendix B.4), and
// how TFRecord files store it.
#pragma once

#include <cstdint>
#include <string_view>

namespace nabla::tensorboard {

// Crc32c("123456789") = 0xe3069283.
std::uint32_t Crc32c(std::string_view bytes);

// (crc rotated right by 15) + 0xa282ead8, so that data that contain checksums can be checked, too.
std::uint32_t MaskedCrc32c(std::string_view bytes);

}  // namespace nabla::tensorboard
