// Chart: a picture of an Analysis, drawn by gnuplot: a file (SVG or PNG, on white), or an SVG
// inside the HTML report, which takes its colours from the style sheet of the report.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

// A line or a row of points in a chart; shows one configuration of the plan.
struct Series {
  std::string name;
  std::size_t color = 0;  // 0 … kColors − 1
  bool dashed = false;    // after the last colour, the colours repeat with dashed lines
  bool has_band = false;  // of more than one run
};

inline constexpr std::size_t kColors = 8;
// A chart shows at most so many configurations, the first of the ranking.
inline constexpr std::size_t kMostSeries = 12;

struct Chart {
  std::string name;  // of the file, without extension
  std::string title;
  std::string note = {};  // how to read the chart, for the report
  int width = 640;
  int height = 400;
  std::vector<Series> series = {};  // for the legend; empty if the rows have labels
  std::string script = {};          // for gnuplot, without terminal and output
  std::string svg = {};             // for the HTML report, once DrawAll has drawn it
};

struct ChartKind {
  const char* name;
  const char* meaning;
  void (*add)(const Analysis& all, std::vector<Chart>& charts);
};

// All kinds, the default one first.
const std::vector<ChartKind>& ChartKinds();

// The charts of one kind, or of all kinds, that the analysis has data for.
std::vector<Chart> MakeCharts(const Analysis& all, std::string_view only_kind = "");

// Draws all charts into the folder, as SVG and PNG, and into Chart::svg. This and WritePlots return
// the files, each of which is replaced atomically, and throw std::runtime_error if gnuplot is not
// installed or fails; then no file is changed.
std::vector<std::filesystem::path> DrawAll(std::vector<Chart>& charts,
                                           const std::filesystem::path& folder);

// Draws the first chart into `out`, whose extension selects the format, and the others into
// <stem>_<n> beside it. Throws InputError for another extension or without charts.
std::vector<std::filesystem::path> WritePlots(const std::vector<Chart>& charts,
                                              const std::filesystem::path& out);

}  // namespace nabla::experiment
