#include "apps/tensorboard/record_file.h"

#include <fcntl.h>

#include <array>
#include <bit>

#include "agent/state/file_io.h"

namespace nabla::tensorboard {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // bits reversed
constexpr std::uint32_t kMask = 0xa282ead8;

// The remainder of each byte.
constexpr std::array<std::uint32_t, 256> Remainders() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? kPolynomial : 0);
    }
    table[byte] = remainder;
  }
  return table;
}

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kCrcBytes = 4;
constexpr std::size_t kHeadBytes = kLengthBytes + kCrcBytes;

std::string LittleEndian(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::uint64_t FromLittleEndian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return value;
}

bool IsChecked(std::string_view bytes, std::string_view crc) {
  return FromLittleEndian(crc) == MaskedCrc32c(bytes);
}

}  // namespace

std::uint32_t Crc32c(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> kRemainders = Remainders();
  std::uint32_t crc = ~std::uint32_t{0};
  for (const char c : bytes) {
    crc = (crc >> 8) ^ kRemainders[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  }
  return ~crc;
}

std::uint32_t MaskedCrc32c(std::string_view bytes) { return std::rotr(Crc32c(bytes), 15) + kMask; }

std::string Record(std::string_view data) {
  const std::string length = LittleEndian(data.size(), kLengthBytes);
  std::string record = length + LittleEndian(MaskedCrc32c(length), kCrcBytes);
  record += data;
  record += LittleEndian(MaskedCrc32c(data), kCrcBytes);
  return record;
}

std::uint64_t VisitRecords(std::string_view content,
                           const std::function<bool(std::string_view data)>& visit) {
  std::string_view rest = content;
  while (rest.size() >= kHeadBytes) {
    const std::string_view length_bytes = rest.substr(0, kLengthBytes);
    if (!IsChecked(length_bytes, rest.substr(kLengthBytes, kCrcBytes))) break;
    const std::uint64_t length = FromLittleEndian(length_bytes);
    if (length > rest.size() || kHeadBytes + length + kCrcBytes > rest.size()) break;
    const std::string_view data = rest.substr(kHeadBytes, length);
    if (!IsChecked(data, rest.substr(kHeadBytes + length, kCrcBytes)) || !visit(data)) break;
    rest.remove_prefix(kHeadBytes + length + kCrcBytes);
  }
  return content.size() - rest.size();
}

void CutRecords(const std::filesystem::path& path,
                const std::function<bool(std::string_view data)>& keep) {
  const std::string content = agent::ReadFile(path);
  const std::uint64_t size = VisitRecords(content, keep);
  if (size == content.size()) return;
  agent::FileDescriptor(path, O_WRONLY, "open").Truncate(size);
}

}  // namespace nabla::tensorboard
