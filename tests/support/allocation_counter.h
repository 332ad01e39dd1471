// Counts heap allocations, for the promise that a step of work makes none.
//
// Linking allocation_counter.cc replaces malloc and its relatives (operator new and Eigen end
// there too) for the whole program, in all its threads:
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
  // Allocations of any thread since construction.
  std::size_t count() const;

 private:
  std::size_t start_;
};

}  // namespace nabla::test
