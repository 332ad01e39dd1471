#include <algorithm>
#include <array>
#include <cstddef>
#include <map>

#include "config/config.h"

namespace nabla::config {
namespace {

std::string Joined(const std::string& a, const std::string& separator, const std::string& b) {
  return a.empty() || b.empty() ? a + b : a + separator + b;
}

std::string Padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

bool HoldsEntries(const Entry& entry) {
  const auto active = [](const Entry& inner) { return inner.active; };
  return entry.text.empty() && std::any_of(entry.entries.begin(), entry.entries.end(), active);
}

std::string KeyAndValue(const Entry& entry, const std::string& indent) {
  if (HoldsEntries(entry)) return indent + entry.key + ":";
  return indent + entry.key + ": " + (entry.text.empty() ? "{}" : entry.text);
}

void WriteSection(const Entry& section, const std::string& indent, WriteOptions options,
                  std::string* out) {
  constexpr std::size_t kWidest = 40;  // comments behind longer lines are not aligned
  std::size_t width = 0;
  for (const Entry& entry : section.entries) {
    const std::size_t size = KeyAndValue(entry, indent).size();
    if (entry.active && size <= kWidest) width = std::max(width, size);
  }
  for (const Entry& entry : section.entries) {
    if (!entry.active) continue;
    const std::string line = KeyAndValue(entry, indent);
    const std::string comment = options.comments ? Joined(entry.doc, "; ", entry.range) : "";
    *out += comment.empty() ? line : Padded(line, width) + "  # " + comment;
    *out += '\n';
    if (HoldsEntries(entry)) WriteSection(entry, indent + "  ", options, out);
  }
}

using Values = std::vector<std::pair<std::string, std::string>>;  // path and value

void CollectValues(const Entry& section, Values* values) {
  for (const Entry& entry : section.entries) {
    if (!entry.active) continue;
    if (!entry.text.empty()) values->emplace_back(entry.path, entry.text);
    CollectValues(entry, values);
  }
}

using Row = std::array<std::string, 6>;

void CollectRows(const Entry& section, const std::string& when, std::vector<Row>* rows) {
  for (const Entry& entry : section.entries) {
    const std::string condition = Joined(when, ", ", entry.when);
    rows->push_back({entry.path, entry.type, entry.text, entry.range, condition, entry.doc});
    CollectRows(entry, condition, rows);
  }
}

}  // namespace

std::string WriteEntry(const Entry& root, WriteOptions options) {
  std::string text;
  WriteSection(root, "", options, &text);
  return text.empty() ? "{}\n" : text;
}

std::vector<Difference> DiffEntries(const Entry& left, const Entry& right) {
  Values left_values, right_values;
  CollectValues(left, &left_values);
  CollectValues(right, &right_values);
  const std::map<std::string, std::string> in_left(left_values.begin(), left_values.end());
  std::map<std::string, std::string> in_right(right_values.begin(), right_values.end());
  std::vector<Difference> differences;
  for (const auto& [path, value] : left_values) {
    if (in_right[path] != value) differences.push_back({path, value, in_right[path]});
  }
  for (const auto& [path, value] : right_values) {
    if (in_left.count(path) == 0) differences.push_back({path, "", value});
  }
  return differences;
}

std::string ReferenceTable(const Entry& root) {
  constexpr std::size_t kWidest = 36;  // a longer cell does not push its whole column
  std::vector<Row> rows;
  CollectRows(root, "", &rows);
  Row header = {"key", "type", "default", "values", "only with", "meaning"};
  rows.insert(rows.begin(), {header, Row{}});
  std::array<std::size_t, 6> width = {};
  for (const Row& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c].size() <= kWidest) width[c] = std::max(width[c], row[c].size());
    }
  }
  for (std::size_t c = 0; c < width.size(); ++c)
    rows[1][c] = std::string(std::max<std::size_t>(width[c], 3), '-');
  std::string table;
  for (const Row& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      table += (c == 0 ? "| " : " | ") + (c + 1 < row.size() ? Padded(row[c], width[c]) : row[c]);
    }
    table += " |\n";
  }
  return table;
}

}  // namespace nabla::config
