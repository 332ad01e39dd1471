// Checksum: XXH64 with seed 0 (Collet, xxHash specification 0.1.1), fed in pieces.
//
// It is there to find damage, not to resist an attacker. A user can check a file by hand with
// `xxhsum -H1 <file>`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace nabla::agent {

class Checksum {
 public:
  void Add(std::span<const std::byte> bytes);

  // The checksum of all bytes added so far.
  std::uint64_t Value() const;

 private:
  void AddStripe(const std::byte* stripe);

  static constexpr std::size_t kStripe = 32;  // bytes

  std::array<std::uint64_t, 4> lanes_ = InitialLanes();
  std::array<std::byte, kStripe> pending_{};  // the last total_ % kStripe bytes
  std::uint64_t total_ = 0;                   // bytes

  static std::array<std::uint64_t, 4> InitialLanes();
};

// 16 lower-case hexadecimal digits.
std::string ToHex(std::uint64_t value);

}  // namespace nabla::agent
