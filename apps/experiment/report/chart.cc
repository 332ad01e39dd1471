#include "apps/experiment/report/chart.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "apps/experiment/report/gnuplot.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

constexpr std::size_t kMostPairRows = 15;
constexpr double kThousands = 1e4;  // from this number on, the axis counts steps in thousands
constexpr int kRowHeight = 26;
constexpr double kLabelWidth = 7.2;  // pixels per character of a row's label, an upper estimate

// The configurations that a chart shows: the first ones of the ranking that have data.
template <class HasData>
std::vector<std::size_t> Shown(const Analysis& all, const HasData& has_data) {
  std::vector<std::size_t> shown;
  for (const std::size_t c : all.ranking) {
    if (shown.size() < kMostSeries && has_data(all.configurations[c])) shown.push_back(c);
  }
  return shown;
}

std::string LeftOut(const Analysis& all, std::size_t shown) {
  const std::size_t count = all.plan.configurations.size();
  return count > kMostSeries
             ? fmt::format(" The chart shows the best {} of {} configurations.", shown, count)
             : "";
}

std::string DataBlock(std::size_t k, const std::string& rows) {
  return fmt::format("$data{} << END\n{}END\n", k, rows);
}

// A point of a curve with its band.
std::string BandRow(double x, const Interval& y) {
  return fmt::format("{:.9g} {:.9g} {:.9g} {:.9g}\n", x, y.value, y.low, y.high);
}

// The colour depends on the position in the experiment file, so it is the same in all charts.
void AddSeries(const Analysis& all, std::size_t c, const std::string& rows, bool has_band,
               Chart& chart) {
  chart.script += DataBlock(chart.series.size(), rows);
  chart.series.push_back({all.NameOf(c), c % kColors, c / kColors % 2 == 1, has_band});
}

// Bands, with the lines above them.
void PlotBands(Chart& chart) {
  std::string& script = chart.script;
  script += "plot ";
  for (std::size_t k = 0; k < chart.series.size(); ++k) {
    if (!chart.series[k].has_band) continue;
    script += fmt::format(
        "$data{} using 1:3:4 with filledcurves fs transparent solid 0.16 noborder lt {} notitle, "
        "\\\n  ",
        k, chart.series[k].color + 1);
  }
  for (std::size_t k = 0; k < chart.series.size(); ++k) {
    const Series& series = chart.series[k];
    script += fmt::format("{}$data{} using 1:2 with lines lt {} lw 2 dt {} title {}",
                          k == 0 ? "" : ", \\\n  ", k, series.color + 1, series.dashed ? 2 : 1,
                          GnuplotString(series.name));
  }
  script += "\n";
}

// ---- learning curves

// The chart of one curve of each configuration, which `curve_of` gives.
template <class CurveOf>
void AddCurveChart(const Analysis& all, Chart chart, const char* y_name,
                   const std::vector<double>& thresholds, const CurveOf& curve_of,
                   std::vector<Chart>& charts) {
  const auto shown = Shown(
      all, [&](const ConfigurationResult& result) { return !curve_of(result).steps.empty(); });
  if (shown.empty()) return;
  std::int64_t last = 0;
  for (const std::size_t c : shown) {
    last = std::max(last, curve_of(all.configurations[c]).steps.back());
  }
  const double unit = static_cast<double>(last) >= kThousands ? 1000 : 1;
  for (const std::size_t c : shown) {
    const Curve& curve = curve_of(all.configurations[c]);
    std::string rows;
    for (std::size_t k = 0; k < curve.steps.size(); ++k) {
      rows += BandRow(static_cast<double>(curve.steps[k]) / unit, curve.band[k]);
    }
    AddSeries(all, c, rows, curve.band.front().has_bounds(), chart);
  }
  chart.note = fmt::format(
      "Interquartile mean over the runs at each evaluation, with pointwise {:g} % bands.{}{}",
      100 * all.plan.statistics.confidence,
      thresholds.empty() ? "" : " Dotted lines are the thresholds.", LeftOut(all, shown.size()));
  chart.script +=
      fmt::format("set xlabel 'environment steps{}'\nset ylabel '{}'\nset xrange [0:{:g}]\n",
                  unit > 1 ? " (thousands)" : "", y_name, static_cast<double>(last) / unit);
  for (const double value : thresholds) {
    chart.script += fmt::format(
        "set arrow from graph 0, first {0} to graph 1, first {0} nohead lt 10 dt 3 lw 1.2\n",
        value);
  }
  PlotBands(chart);
  charts.push_back(std::move(chart));
}

void AddCurves(const Analysis& all, std::vector<Chart>& charts) {
  const Plan& plan = all.plan;
  const bool single = plan.tasks.size() == 1;
  if (plan.scored() && !single) {
    AddCurveChart(
        all,
        {.name = "curves",
         .title = fmt::format("Sample efficiency over {} tasks", plan.tasks.size())},
        "score (0: low, 1: high)", plan.thresholds,
        [](const ConfigurationResult& result) -> const Curve& { return result.scores; }, charts);
  }
  for (std::size_t t = 0; t < plan.tasks.size(); ++t) {
    std::vector<double> thresholds;
    if (plan.averages()) {
      for (const double value : plan.thresholds) thresholds.push_back(plan.tasks[t].Return(value));
    }
    AddCurveChart(
        all,
        {.name = single ? "curves" : "curves_" + FolderName(plan.tasks[t].name),
         .title = "Learning curves on " + plan.tasks[t].name},
        "return (sum of rewards of an episode)", thresholds,
        [t](const ConfigurationResult& result) -> const Curve& { return result.returns[t]; },
        charts);
  }
}

// ---- performance profile

void AddProfile(const Analysis& all, std::vector<Chart>& charts) {
  Chart chart{.name = "profile",
              .title = fmt::format("Performance profile of the final {}", all.quantity())};
  const auto shown =
      Shown(all, [](const ConfigurationResult& result) { return !result.profile.empty(); });
  if (shown.empty()) return;
  for (const std::size_t c : shown) {
    std::string rows;
    const auto& profile = all.configurations[c].profile;
    for (std::size_t k = 0; k < profile.size(); ++k) rows += BandRow(all.taus[k], profile[k]);
    AddSeries(all, c, rows, profile.front().has_bounds(), chart);
  }
  chart.note =
      "Share of the runs whose final value is above the value on the axis. A curve that lies "
      "higher everywhere is better." +
      LeftOut(all, shown.size());
  chart.script += fmt::format(
      "set xlabel 'final {}{}'\nset ylabel 'share of runs above'\nset yrange [0:1.02]\n"
      "set xrange [{:.9g}:{:.9g}]\n",
      all.quantity(), all.plan.scored() ? " (0: low, 1: high)" : " (sum of rewards of an episode)",
      all.taus.front(), all.taus.back());
  PlotBands(chart);
  charts.push_back(std::move(chart));
}

// ---- rows of points with intervals

struct PointRow {
  std::string name;
  Interval interval;
  std::size_t color = 0;
};

// Panels of rows side by side; the first carries the names.
struct Panel {
  std::string title;  // of its x axis
  std::vector<PointRow> rows;
  std::string extra;  // script before the plot
};

// The smallest of 1, 2, 5, 10, ... that is at least `step`.
double NiceStep(double step) {
  const double power = std::pow(10, std::floor(std::log10(step)));
  for (const double nice : {1., 2., 5.}) {
    if (step <= nice * power) return nice * power;
  }
  return 10 * power;
}

std::string Range(const std::vector<PointRow>& rows) {
  double low = rows.front().interval.value, high = low;
  for (const auto& [name, interval, color] : rows) {
    const bool has_bounds = interval.has_bounds();
    low = std::min(low, has_bounds ? interval.low : interval.value);
    high = std::max(high, has_bounds ? interval.high : interval.value);
  }
  const double margin = high > low ? 0.08 * (high - low) : 0.5;
  return fmt::format("set xrange [{:.9g}:{:.9g}]\nset xtics {:g}\n", low - margin, high + margin,
                     NiceStep((high - low + 2 * margin) / 4));
}

void DrawPanels(const std::vector<Panel>& panels, Chart& chart) {
  const std::size_t rows = panels.front().rows.size();
  std::size_t longest = 0;
  for (const PointRow& row : panels.front().rows)
    longest = std::max(longest, text::Width(row.name));
  chart.width = panels.size() > 1 ? 860 : 640;
  chart.height = 96 + kRowHeight * static_cast<int>(rows);
  const double names =
      std::min(0.5, (24 + kLabelWidth * static_cast<double>(longest)) / chart.width);
  const double panel_width = (0.985 - names) / static_cast<double>(panels.size());
  const double low = 66.0 / chart.height, high = 1 - 14.0 / chart.height;
  for (std::size_t p = 0; p < panels.size(); ++p) {
    std::string data;
    for (std::size_t k = 0; k < rows; ++k) {
      const Interval& i = panels[p].rows[k].interval;
      data += fmt::format("{:.9g} {} {:.9g} {:.9g} {}\n", i.value, rows - k, i.low, i.high,
                          panels[p].rows[k].color + 1);
    }
    chart.script += DataBlock(p, data);
  }
  chart.script += fmt::format(
      "set multiplot\nset yrange [0.4:{}]\nset border 1\nset xtics nomirror\n"
      "set tmargin at screen {:.4f}\nset bmargin at screen {:.4f}\n"
      "set ytics scale 0\n",
      static_cast<double>(rows) + 0.6, high, low);
  for (std::size_t p = 0; p < panels.size(); ++p) {
    const double left = names + panel_width * static_cast<double>(p);
    std::string tics;
    for (std::size_t k = 0; k < rows; ++k) {
      tics += fmt::format("{}{} {}", k == 0 ? "" : ", ",
                          GnuplotLabel(p == 0 ? panels[0].rows[k].name : ""), rows - k);
    }
    chart.script += fmt::format(
        "set ytics ({}) scale 0\nset lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\n"
        "set xlabel {}\n{}{}unset arrow 99\n"
        "plot $data{} using 1:2:3:4 with xerrorbars lt 9 lw 2.5 pt 7 ps 0 notitle, "
        "'' using 1:2:5 with points lc variable pt 7 ps 1.1 notitle\n",
        tics, left, left + panel_width - 0.03, GnuplotString(panels[p].title),
        Range(panels[p].rows), panels[p].extra, p);
  }
  chart.script += "unset multiplot\n";
}

void AddAggregates(const Analysis& all, std::vector<Chart>& charts) {
  const auto shown = Shown(all, [](const ConfigurationResult& result) {
    return result.measures[kFinal].scores.has_value();
  });
  if (shown.empty()) return;
  std::vector<Panel> panels;
  for (const Statistic& statistic : InformativeStatistics(all.plan)) {
    Panel panel{fmt::format("{} of final {}", statistic.title, all.quantity()), {}, ""};
    if (statistic.needs_optimum) panel.title = statistic.title;
    for (const std::size_t c : shown) {
      const Aggregated& scores = *all.configurations[c].measures[kFinal].scores;
      panel.rows.push_back({all.NameOf(c), scores.values.*statistic.interval, c % kColors});
    }
    panels.push_back(std::move(panel));
  }
  Chart chart{.name = "aggregates",
              .title = fmt::format("Final {} of each configuration", all.quantity())};
  chart.note = fmt::format(
      "Points are the statistics of all runs, bars their {:g} % stratified bootstrap "
      "intervals.{}",
      100 * all.plan.statistics.confidence, LeftOut(all, shown.size()));
  DrawPanels(panels, chart);
  charts.push_back(std::move(chart));
}

void AddImprovement(const Analysis& all, std::vector<Chart>& charts) {
  if (all.improvements.empty()) return;
  Panel panel{fmt::format("P(X > Y): X has the higher final {}", all.quantity()), {}, ""};
  for (const Improvement& pair : all.improvements) {
    if (panel.rows.size() == kMostPairRows) break;
    panel.rows.push_back(
        {all.NameOf(pair.x) + "  >  " + all.NameOf(pair.y), pair.probability, pair.x % kColors});
  }
  panel.extra =
      "set xrange [-0.02:1.02]\nset xtics 0,0.25,1\n"
      "set arrow from 0.5, graph 0 to 0.5, graph 1 nohead lt 10 dt 2 lw 1.2\n";
  Chart chart{.name = "improvement", .title = "Probability of improvement"};
  chart.note =
      "To the right of the dashed line, X is better than Y more often than not. Where the bar "
      "crosses the line, the difference is not significant.";
  if (all.improvements.size() > kMostPairRows) {
    chart.note += fmt::format(" The chart shows the first {} of {} pairs.", kMostPairRows,
                              all.improvements.size());
  }
  DrawPanels({panel}, chart);
  charts.push_back(std::move(chart));
}

}  // namespace

const std::vector<ChartKind>& ChartKinds() {
  static const std::vector<ChartKind> table = {
      {"curves", "learning curves: interquartile mean over environment steps", AddCurves},
      {"profile", "performance profile: share of runs above a score", AddProfile},
      {"aggregates", "statistics of the final score with intervals", AddAggregates},
      {"improvement", "probabilities of improvement with intervals", AddImprovement},
  };
  return table;
}

std::vector<Chart> MakeCharts(const Analysis& all, std::string_view only_kind) {
  std::vector<Chart> charts;
  for (const ChartKind& kind : ChartKinds()) {
    if (only_kind.empty() || only_kind == kind.name) kind.add(all, charts);
  }
  return charts;
}

}  // namespace nabla::experiment
