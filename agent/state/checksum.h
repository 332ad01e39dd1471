// Checksum: XXH64 with seed 0 (Collet, xxHash) of bytes that arrive in pieces.
//
// It detects damage. It does not protect against an attacker. `xxhsum -H1 <file>` prints the same
// value for a file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

struct XXH64_state_s;  // of xxhash.h

namespace nabla::agent {

class Checksum {
 public:
  Checksum();

  void Add(std::span<const std::byte> bytes);

  // The checksum of all bytes added so far.
  std::uint64_t Value() const;

 private:
  struct Free {
    void operator()(XXH64_state_s* state) const;
  };
  std::unique_ptr<XXH64_state_s, Free> state_;
};

// 16 lower-case hexadecimal digits.
std::string ToHex(std::uint64_t value);

}  // namespace nabla::agent
