// Draws charts into files with gnuplot; each file is written atomically.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/experiment/report/chart.h"

namespace nabla::experiment {

struct Plots {
  bool drawn = false;                        // false if gnuplot is not installed
  std::vector<std::filesystem::path> files;  // an SVG and a PNG per chart
  std::vector<std::string> svgs;             // for the HTML report, one per chart
};

// Draws all charts into the folder, which it creates if necessary, with one call of gnuplot.
Plots DrawAll(const std::vector<Chart>& charts, const std::filesystem::path& folder);

// Draws the first chart into `out`, whose extension selects the format, and the others into
// <stem>_<n> beside it. Throws InputError for another extension or without charts, and
// std::runtime_error if gnuplot is not installed.
std::vector<std::filesystem::path> WritePlots(const std::vector<Chart>& charts,
                                              const std::filesystem::path& out);

}  // namespace nabla::experiment
