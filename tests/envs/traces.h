// Reads the comma-separated reference traces in tests/golden.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "envs/core/environment.h"

namespace nabla::envs {

class Trace {
 public:
  // `file` is relative to tests/golden, for example "gymnasium-classic/Pendulum-v1.csv". Throws
  // std::runtime_error if it has no rows.
  explicit Trace(const std::string& file);

  std::size_t rows() const { return rows_.size(); }
  double At(std::size_t row, const std::string& column) const;
  const std::string& Text(std::size_t row, const std::string& column) const;
  bool Has(const std::string& column) const { return columns_.contains(column); }
  // All columns whose name starts with `prefix`, in the order of the file.
  Vector Block(std::size_t row, std::string_view prefix) const;

 private:
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// max_i |a_i − b_i|, infinite where the sizes differ.
double LargestDifference(const Vector& a, const Vector& b);

}  // namespace nabla::envs
