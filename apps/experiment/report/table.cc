#include "apps/experiment/report/table.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "agent/state/file_io.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

constexpr const char* kNeverText = "never";

std::vector<std::size_t> Widths(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::size_t width = text::Width(agent::OneLine(table.columns[i].name));
    for (const auto& row : table.rows) width = std::max(width, text::Width(agent::OneLine(row[i])));
    widths.push_back(width);
  }
  return widths;
}

// The number of decimals that shows two digits of `size`.
int Decimals(double size) {
  if (!(size > 0) || !std::isfinite(size)) return 0;
  return std::clamp(1 - static_cast<int>(std::floor(std::log10(size))), 0, 9);
}

std::string Fixed(double value, int decimals) {
  if (std::isinf(value)) return kNeverText;
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  // Without this, a small negative value is "-0.00".
  return text.find_first_not_of("-0.") == std::string::npos ? fmt::format("{:.{}f}", 0., decimals)
                                                            : text;
}

}  // namespace

std::string MarkdownText(const std::string& text) {
  constexpr std::string_view kSpecial = "\\|<&*`~$_";
  std::string escaped;
  for (const char c : agent::OneLine(text)) {
    const bool is_link = c == '(' && escaped.ends_with(']');
    if (is_link || kSpecial.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string ToText(const Table& table) {
  const std::vector<std::size_t> widths = Widths(table);
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column.name);
  std::string text = table.title.empty() ? "" : agent::OneLine(table.title) + "\n";
  const auto add = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += (i == 0 ? "" : "  ") +
              text::Padded(agent::OneLine(cells[i]), widths[i],
                           table.columns[i].is_number ? text::Align::kRight : text::Align::kLeft);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add(names);
  for (const auto& row : table.rows) add(row);
  return text;
}

std::string ToMarkdown(const Table& table) {
  std::string text = table.title.empty() ? "" : MarkdownText(table.title) + "\n\n";
  std::string rule = "|";
  text += "|";
  for (const auto& column : table.columns) {
    text += " " + MarkdownText(column.name) + " |";
    rule += column.is_number ? "--:|" : "---|";
  }
  text += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (const std::string& cell : row) text += " " + MarkdownText(cell) + " |";
    text += "\n";
  }
  return text;
}

std::string NumberText(double value) {
  if (std::isinf(value)) return kNeverText;
  if (value == 0) return "0";
  return Fixed(value, std::max(0, Decimals(std::abs(value)) + 2));
}

std::string IntervalText(const Interval& interval) {
  if (!interval.has_bounds()) return NumberText(interval.value);
  if (std::isinf(interval.low)) return kNeverText;
  const double size = interval.high - interval.low;
  if (std::isinf(size)) {
    return NumberText(interval.value) + " [" + NumberText(interval.low) + ", " + kNeverText + "]";
  }
  if (!(size > 0)) {
    const std::string text = NumberText(interval.value);
    return text + " [" + text + ", " + text + "]";
  }
  const int decimals = Decimals(size);
  return Fixed(interval.value, decimals) + " [" + Fixed(interval.low, decimals) + ", " +
         Fixed(interval.high, decimals) + "]";
}

std::string CountText(double value) {
  if (std::isinf(value)) return kNeverText;
  std::string text = fmt::format("{:.0f}", value);
  for (std::size_t i = text.size(); i > 3 && text[i - 4] != '-'; i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string CountText(const Interval& interval) {
  std::string value = CountText(interval.value);
  if (!interval.has_bounds() || std::isinf(interval.low)) return value;
  return value + " [" + CountText(interval.low) + ", " + CountText(interval.high) + "]";
}

}  // namespace nabla::experiment
