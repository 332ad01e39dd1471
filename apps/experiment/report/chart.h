// Chart: a picture of an Analysis, drawn by gnuplot: a file (SVG or PNG, on white), or an SVG
// inside the HTML report, which takes its colours from the style sheet of the report.
#pragma once

#include <array>
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
};

inline constexpr std::size_t kColors = 8;
// A chart shows at most so many configurations, the first of the ranking.
inline constexpr std::size_t kMostSeries = 12;

struct Chart {
  std::string name;  // of the file, without extension
  std::string title;
  std::string note;  // how to read the chart, for the report
  int width = 640;
  int height = 400;
  std::vector<Series> series;  // for the legend; empty if the rows have labels
  std::string script;          // for gnuplot, without terminal and output
};

enum class ChartKind { kCurves, kProfile, kAggregates, kImprovement };

struct ChartKindInfo {
  ChartKind kind;
  const char* name;
  const char* meaning;
};

inline constexpr std::array<ChartKindInfo, 4> kChartKinds = {{
    {ChartKind::kCurves, "curves", "learning curves: interquartile mean over environment steps"},
    {ChartKind::kProfile, "profile", "performance profile: share of runs above a score"},
    {ChartKind::kAggregates, "aggregates", "statistics of the final score with intervals"},
    {ChartKind::kImprovement, "improvement", "probabilities of improvement with intervals"},
}};

// All charts that the analysis has data for, or those of one kind.
std::vector<Chart> MakeCharts(const Analysis& all);
std::vector<Chart> MakeCharts(const Analysis& all, ChartKind only);

enum class ChartFormat { kSvg, kPng, kInline };

// The complete gnuplot script that draws the chart into `path`.
std::string ScriptFor(const Chart& chart, ChartFormat format, const std::string& path);

// The SVG that gnuplot has drawn as kInline, made part of an HTML page: its colours become the
// custom properties --ink, --quiet, --line, --paper and --s1 … --s8 of the page, its font the
// page's.
std::string InlineSvg(const Chart& chart, std::string_view svg);

}  // namespace nabla::experiment
