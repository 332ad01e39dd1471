// What the processor can do at most, measured in the process that is being judged: the machines
// are shared and their clocks move.
#pragma once

#include <cstddef>

namespace nabla::benchmarks {

// Multiply-adds of floats a second × 2, in GFLOP/s: independent accumulators in registers, best of
// several short runs.
double PeakGigaflops();

// Bytes written a second in GB/s, best of several runs over `bytes` of memory that are written
// again and again: `streaming` past the caches, else through them (what a program gets for `bytes`
// that fit a cache level is that level's rate).
double WriteGigabytes(std::size_t bytes, bool streaming);

}  // namespace nabla::benchmarks
