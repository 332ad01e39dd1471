// Page: report.html, one file with everything in it: no script, no network, light and dark as the
// reader's system is, to be read on a telephone and in print.
#pragma once

#include <string>
#include <vector>

#include "apps/experiment/report/chart.h"
#include "apps/experiment/report/table.h"
#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

struct Figure {
  Chart chart;
  std::string svg;  // empty: it could not be drawn
};

// A part of the page. `html` without the heading; empty: the section is left out.
struct Section {
  std::string id;
  std::string title;
  std::string html;
};

struct PageInput {
  const Analysis& all;
  const std::vector<Figure>& figures;
  std::string note;            // what is missing and why
  std::vector<Section> extra;  // after the numbers, before how they came about
};

std::string MakePage(const PageInput& input);

// For sections: text made safe, and a table as wide as its column.
std::string Escaped(const std::string& text);
std::string ToHtml(const Table& table);

}  // namespace nabla::experiment
