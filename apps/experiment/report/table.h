// Table: rows of text under named columns, to be shown in a terminal, in Markdown or on a page.
#pragma once

#include <string>
#include <vector>

#include "apps/experiment/statistics/statistics.h"

namespace nabla::experiment {

struct Table {
  struct Column {
    std::string name;
    bool is_number = true;  // set to the right
  };

  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

std::string ToText(const Table& table);      // columns two blanks apart
std::string ToMarkdown(const Table& table);  // as GitHub shows it

// A number with as many digits as its interval makes sense of: "-152.4 [-155.0, -149.1]"; without
// one, four of them. An infinite one is "never".
std::string NumberText(double value);
std::string IntervalText(const Interval& interval, bool has_interval = true);

// "1,234,567".
std::string CountText(double value);
std::string CountText(const Interval& interval, bool has_interval);

// Characters of UTF-8.
std::size_t Width(const std::string& text);

}  // namespace nabla::experiment
