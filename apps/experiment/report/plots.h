// Plots: charts as files, through gnuplot, each whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/experiment/report/chart.h"

namespace nabla::experiment {

struct Plots {
  bool drawn = false;                        // false: there is no gnuplot
  std::vector<std::filesystem::path> files;  // an SVG and a PNG a chart
  std::vector<std::string> svgs;             // for the page, a chart each
};

// Draws all charts into the folder, which is made if need be, with one call of gnuplot.
Plots DrawAll(const std::vector<Chart>& charts, const std::filesystem::path& folder);

// One chart into `out`, whose ending says the format; of several, the others beside it as
// <stem>_<n>. Throws InputError for another ending or nothing to draw, std::runtime_error without
// gnuplot.
std::vector<std::filesystem::path> WritePlots(const std::vector<Chart>& charts,
                                              const std::filesystem::path& out);

}  // namespace nabla::experiment
