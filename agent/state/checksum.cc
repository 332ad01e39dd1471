#include "agent/state/checksum.h"

#include <xxhash.h>

#include <bit>
#include <new>

namespace nabla::agent {

static_assert(std::endian::native == std::endian::little, "files are little-endian");

Checksum::Checksum() : state_(XXH64_createState()) {
  if (!state_) throw std::bad_alloc();
  XXH64_reset(state_.get(), 0);
}

void Checksum::Free::operator()(XXH64_state_s* state) const { XXH64_freeState(state); }

void Checksum::Add(std::span<const std::byte> bytes) {
  XXH64_update(state_.get(), bytes.data(), bytes.size());
}

std::uint64_t Checksum::Value() const { return XXH64_digest(state_.get()); }

std::string ToHex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace nabla::agent
