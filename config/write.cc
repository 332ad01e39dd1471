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

bool HoldsFields(const Field& field) {
  const auto active = [](const Field& inner) { return inner.active; };
  return field.text.empty() && std::any_of(field.fields.begin(), field.fields.end(), active);
}

std::string KeyAndValue(const Field& field, const std::string& indent) {
  if (HoldsFields(field)) return indent + field.key + ":";
  return indent + field.key + ": " + (field.text.empty() ? "{}" : field.text);
}

void WriteSection(const Field& section, const std::string& indent, WriteOptions options,
                  std::string* out) {
  constexpr std::size_t kWidest = 40;  // comments after longer lines are not aligned
  std::size_t width = 0;
  for (const Field& field : section.fields) {
    const std::size_t size = KeyAndValue(field, indent).size();
    if (field.active && size <= kWidest) width = std::max(width, size);
  }
  for (const Field& field : section.fields) {
    if (!field.active) continue;
    const std::string line = KeyAndValue(field, indent);
    const std::string comment = options.comments ? Joined(field.doc, "; ", field.range) : "";
    *out += comment.empty() ? line : Padded(line, width) + "  # " + comment;
    *out += '\n';
    if (HoldsFields(field)) WriteSection(field, indent + "  ", options, out);
  }
}

using Values = std::vector<std::pair<std::string, std::string>>;  // path and value

void CollectValues(const Field& section, Values* values) {
  for (const Field& field : section.fields) {
    if (!field.active) continue;
    if (!field.text.empty()) values->emplace_back(field.path, field.text);
    CollectValues(field, values);
  }
}

using Row = std::array<std::string, 6>;

void CollectRows(const Field& section, const std::string& when, std::vector<Row>* rows) {
  for (const Field& field : section.fields) {
    const std::string condition = Joined(when, ", ", field.when);
    rows->push_back({field.path, field.type, field.text, field.range, condition, field.doc});
    CollectRows(field, condition, rows);
  }
}

}  // namespace

std::string WriteFields(const Field& root, WriteOptions options) {
  std::string text;
  WriteSection(root, "", options, &text);
  return text.empty() ? "{}\n" : text;
}

std::vector<Difference> DiffFields(const Field& left, const Field& right) {
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

std::string ReferenceTable(const Field& root) {
  constexpr std::size_t kWidest = 36;  // a longer cell does not widen its column
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
