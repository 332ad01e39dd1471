// Rows of CSV (RFC 4180).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nabla::experiment {

// Quotes a cell that contains a comma, a quote or a line break.
std::string CsvCell(const std::string& text);
// The shortest text that reads back to the same bits; empty for NaN and for no value.
std::string CsvCell(double value);
std::string CsvCell(const std::optional<double>& value);

// One line. The cells are quoted already.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace nabla::experiment
