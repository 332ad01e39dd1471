#include "tests/envs/traces.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "tests/support/golden.h"

namespace nabla::envs {

Trace::Trace(const std::string& file) {
  const std::string path = test::kGolden + file;
  std::ifstream in(path);
  std::string line, cell;
  if (!std::getline(in, line)) throw std::runtime_error("cannot read " + path);
  std::istringstream header(line);
  while (std::getline(header, cell, ',')) {
    columns_[cell] = names_.size();
    names_.push_back(cell);
  }
  while (std::getline(in, line)) {
    std::vector<std::string> row;
    std::istringstream cells(line);
    while (std::getline(cells, cell, ',')) row.push_back(cell);
    if (row.size() != names_.size()) throw std::runtime_error(path + ": a row is too short");
    rows_.push_back(row);
  }
  if (rows_.empty()) throw std::runtime_error(path + ": there are no rows");
}

const std::string& Trace::Text(std::size_t row, const std::string& column) const {
  return rows_[row][columns_.at(column)];
}

double Trace::At(std::size_t row, const std::string& column) const {
  return std::strtod(Text(row, column).c_str(), nullptr);
}

Vector Trace::Block(std::size_t row, std::string_view prefix) const {
  std::vector<double> values;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i].starts_with(prefix)) values.push_back(At(row, names_[i]));
  }
  return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}

double LargestDifference(const Vector& a, const Vector& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    const double difference = std::abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;  // NaN too
  }
  return largest;
}

}  // namespace nabla::envs
