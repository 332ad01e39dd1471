#include "tests/support/allocation_counter.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {

std::atomic<std::size_t> allocations = 0;

}  // namespace

namespace nabla::test {

AllocationCounter::AllocationCounter() : start_(allocations) {}

std::size_t AllocationCounter::count() const { return allocations - start_; }

}  // namespace nabla::test

extern "C" {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

// The sanitizer owns malloc and reports each call here (sanitizer/allocator_interface.h).
void __sanitizer_malloc_hook(const volatile void*, std::size_t) { ++allocations; }
void __sanitizer_free_hook(const volatile void*) {}

#else

// The names of glibc's own implementations.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}

void* realloc(void* block, std::size_t size) {
  ++allocations;
  return __libc_realloc(block, size);
}

void* memalign(std::size_t alignment, std::size_t size) {
  ++allocations;
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }

int posix_memalign(void** block, std::size_t alignment, std::size_t size) noexcept {
  *block = memalign(alignment, size);
  return *block == nullptr ? ENOMEM : 0;
}

#endif

}  // extern "C"
