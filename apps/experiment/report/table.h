// Table: rows of text under named columns, for a terminal, Markdown or HTML.
#pragma once

#include <string>
#include <vector>

#include "apps/experiment/statistics/statistics.h"

namespace nabla::experiment {

struct Table {
  struct Column {
    std::string name;
    bool is_number = true;  // aligned to the right
  };

  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

std::string ToText(const Table& table);      // columns separated by two blanks
std::string ToMarkdown(const Table& table);  // GitHub's dialect

// agent::OneLine of a text, with a backslash before what has a meaning in Markdown.
std::string MarkdownText(const std::string& text);

// A number rounded to two digits of its interval's width, "-152.4 [-155.0, -149.1]", or to four
// digits without an interval. Infinity is "never".
std::string NumberText(double value);
std::string IntervalText(const Interval& interval);

// "1,234,567".
std::string CountText(double value);
std::string CountText(const Interval& interval);

}  // namespace nabla::experiment
