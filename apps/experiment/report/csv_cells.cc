#include "apps/experiment/report/csv_cells.h"

#include <cmath>

#include "agent/state/csv.h"

namespace nabla::experiment {

std::string CsvCell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string CsvCell(double value) { return std::isnan(value) ? "" : agent::ShortestText(value); }

std::string CsvCell(const std::optional<double>& value) { return value ? CsvCell(*value) : ""; }

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += cell + ",";
  line.back() = '\n';
  return line;
}

}  // namespace nabla::experiment
