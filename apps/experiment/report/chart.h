// Chart: a picture of an Analysis as gnuplot draws it: a file of its own (SVG or PNG, on white), or
// an SVG that lives in a page and takes its colours from the page's style sheet.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "apps/experiment/statistics/analysis.h"

namespace nabla::experiment {

// A line or a row of points in a chart: a configuration of the plan.
struct Series {
  std::string name;
  std::size_t color = 0;  // 0 … kColors − 1
  bool dashed = false;    // beyond the last colour they come again, dashed
};

inline constexpr std::size_t kColors = 8;
// More lines than these nobody can tell apart: the first of the ranking are shown.
inline constexpr std::size_t kMostSeries = 12;

struct Chart {
  std::string name;   // of the file, without ending
  std::string title;  // what it shows
  std::string note;   // how to read it, for the page
  int width = 640;
  int height = 400;
  std::vector<Series> series;  // for the legend; empty where the rows carry their names
  std::string script;          // of gnuplot, without terminal and output
};

enum class ChartKind { kCurves, kProfile, kAggregates, kImprovement };

struct ChartKindInfo {
  ChartKind kind;
  const char* name;
  const char* meaning;
};

inline constexpr std::array<ChartKindInfo, 4> kChartKinds = {{
    {ChartKind::kCurves, "curves", "learning curves: interquartile mean by environment steps"},
    {ChartKind::kProfile, "profile", "performance profile: share of runs above a score"},
    {ChartKind::kAggregates, "aggregates", "statistics of the final score with intervals"},
    {ChartKind::kImprovement, "improvement", "probabilities of improvement with intervals"},
}};

// All charts that the analysis has data for; of one kind if `only` names it.
std::vector<Chart> MakeCharts(const Analysis& all);
std::vector<Chart> MakeCharts(const Analysis& all, ChartKind only);

enum class ChartFormat { kSvg, kPng, kInline };

// A whole script for gnuplot that draws the chart into `path`.
std::string ScriptFor(const Chart& chart, ChartFormat format, const std::string& path);

// What gnuplot has drawn as kInline, ready to stand in a page: colours are the custom properties
// --ink, --quiet, --line, --paper and --s1 … --s8, the font is the page's.
std::string InlineSvg(const Chart& chart, std::string_view svg);

}  // namespace nabla::experiment
