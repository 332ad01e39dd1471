// report.html: one self-contained file without scripts or network access. It follows the light or
// dark scheme of the reader's system, and suits small screens and print.
#pragma once

#include <string>
#include <vector>

#include "apps/experiment/report/chart.h"
#include "apps/experiment/report/table.h"
#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

struct Figure {
  Chart chart;
  std::string svg;  // empty if it could not be drawn
};

// A section of the page. `html` does not include the heading; a section without html is left out.
struct Section {
  std::string id;
  std::string title;
  std::string html;
};

struct HtmlReportInput {
  const Analysis& all;
  const std::vector<Figure>& figures;
  std::string note;            // what is missing, with the reason
  std::vector<Section> extra;  // placed after the results
};

std::string MakeHtmlReport(const HtmlReportInput& input);

// For sections: text with the special characters of HTML escaped, and a table.
std::string Escaped(const std::string& text);
std::string ToHtml(const Table& table);

}  // namespace nabla::experiment
