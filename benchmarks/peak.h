// The peak performance of the processor, measured in the same process as a benchmark, because the
// machines are shared and their clock rates vary.
#pragma once

#include <cstddef>

namespace nabla::benchmarks {

// The peak rate of float multiply-adds in GFLOP/s (2 operations each), with independent
// accumulators in registers: best of several short runs.
double PeakGigaflops();

// The write bandwidth in GB/s, for `bytes` of memory that are written repeatedly: best of several
// runs. `streaming` stores bypass the caches. Other stores reach the bandwidth of the cache level
// in which `bytes` fit.
double WriteGigabytes(std::size_t bytes, bool streaming);

}  // namespace nabla::benchmarks
