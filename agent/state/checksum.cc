#include "agent/state/checksum.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace nabla::agent {
namespace {

static_assert(std::endian::native == std::endian::little, "files are little-endian");

// The five primes of the specification.
constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87u;
constexpr std::uint64_t kPrime2 = 0xC2B2AE3D27D4EB4Fu;
constexpr std::uint64_t kPrime3 = 0x165667B19E3779F9u;
constexpr std::uint64_t kPrime4 = 0x85EBCA77C2B2AE63u;
constexpr std::uint64_t kPrime5 = 0x27D4EB2F165667C5u;

template <class Word>
std::uint64_t Load(const std::byte* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

std::uint64_t Round(std::uint64_t lane, std::uint64_t word) {
  return std::rotl(lane + word * kPrime2, 31) * kPrime1;
}

std::uint64_t Avalanche(std::uint64_t h) {
  h = (h ^ (h >> 33)) * kPrime2;
  h = (h ^ (h >> 29)) * kPrime3;
  return h ^ (h >> 32);
}

}  // namespace

std::array<std::uint64_t, 4> Checksum::InitialLanes() {
  return {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
}

void Checksum::AddStripe(const std::byte* stripe) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    lanes_[i] = Round(lanes_[i], Load<std::uint64_t>(stripe + 8 * i));
  }
}

void Checksum::Add(std::span<const std::byte> bytes) {
  const std::size_t held = total_ % kStripe;
  total_ += bytes.size();
  if (held > 0) {
    const std::size_t taken = std::min(bytes.size(), kStripe - held);
    std::copy_n(bytes.begin(), taken, pending_.begin() + static_cast<std::ptrdiff_t>(held));
    bytes = bytes.subspan(taken);
    if (held + taken < kStripe) return;
    AddStripe(pending_.data());
  }
  for (; bytes.size() >= kStripe; bytes = bytes.subspan(kStripe)) AddStripe(bytes.data());
  std::copy(bytes.begin(), bytes.end(), pending_.begin());
}

std::uint64_t Checksum::Value() const {
  std::uint64_t h = kPrime5;
  if (total_ >= kStripe) {
    h = std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) +
        std::rotl(lanes_[3], 18);
    for (const std::uint64_t lane : lanes_) h = (h ^ Round(0, lane)) * kPrime1 + kPrime4;
  }
  h += total_;

  const std::byte* next = pending_.data();
  std::size_t left = total_ % kStripe;
  for (; left >= 8; left -= 8, next += 8) {
    h = std::rotl(h ^ Round(0, Load<std::uint64_t>(next)), 27) * kPrime1 + kPrime4;
  }
  if (left >= 4) {
    h = std::rotl(h ^ (Load<std::uint32_t>(next) * kPrime1), 23) * kPrime2 + kPrime3;
    left -= 4;
    next += 4;
  }
  for (; left > 0; --left, ++next) {
    h = std::rotl(h ^ (Load<std::uint8_t>(next) * kPrime5), 11) * kPrime1;
  }
  return Avalanche(h);
}

std::string ToHex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace nabla::agent
