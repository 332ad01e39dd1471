// Counts heap allocations, to test that a step makes none.
//
// Linking allocation_counter.cc replaces malloc and the related functions (which operator new and
// Eigen call, too) in the whole program and all its threads:
//
//     AllocationCounter counter;
//     network.Forward(x, tape);
//     REQUIRE(counter.count() == 0);
#pragma once

#include <cstddef>

namespace nabla::test {

class AllocationCounter {
 public:
  AllocationCounter();
  // The number of allocations in all threads since construction.
  std::size_t count() const;

 private:
  std::size_t start_;
};

}  // namespace nabla::test
