// FlushDenormals: while it lives, this thread replaces denormal results and operands by 0.
//
// An operation on a denormal number takes a hundred cycles. Networks with dead units produce many:
// the moments of Adam for a gradient that has become 0 decay to numbers below 1e-38.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace nabla::nn {

class FlushDenormals {
 public:
  FlushDenormals() : before_(Read()) { Write(before_ | kFlush); }
  ~FlushDenormals() { Write(before_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__SSE2__)
  using Register = std::uint32_t;
  static constexpr Register kFlush = 0x8040;  // flush to zero, denormals are zero
  static Register Read() { return _mm_getcsr(); }
  static void Write(Register value) { _mm_setcsr(value); }
#elif defined(__aarch64__)
  using Register = std::uint64_t;
  static constexpr Register kFlush = std::uint64_t{1} << 24;
  static Register Read() {
    Register value;
    asm volatile("mrs %0, fpcr" : "=r"(value));
    return value;
  }
  static void Write(Register value) { asm volatile("msr fpcr, %0" : : "r"(value)); }
#else
  using Register = int;
  static constexpr Register kFlush = 0;
  static Register Read() { return 0; }
  static void Write(Register) {}
#endif

  Register before_;
};

}  // namespace nabla::nn
