// Checksum: XXH64 with seed 0 (Collet, xxHash) of bytes that arrive in pieces.
//
// It detects damage. It does not protect against an attacker. `xxhsum -H1 <file>` prints the same
// value for a file.
#pragma once

#include <xxhash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>
#include <span>
#include <string>

namespace nabla::agent {

class Checksum {
 public:
  Checksum() {
    if (!state_) throw std::bad_alloc();
    XXH64_reset(state_.get(), 0);
  }

  void Add(std::span<const std::byte> bytes) {
    XXH64_update(state_.get(), bytes.data(), bytes.size());
  }

  // The checksum of all bytes added so far.
  std::uint64_t Value() const { return XXH64_digest(state_.get()); }

 private:
  struct Free {
    void operator()(XXH64_state_t* state) const { XXH64_freeState(state); }
  };
  std::unique_ptr<XXH64_state_t, Free> state_{XXH64_createState()};
};

// 16 lower-case hexadecimal digits.
inline std::string ToHex(std::uint64_t value) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
  return text.data();
}

}  // namespace nabla::agent
