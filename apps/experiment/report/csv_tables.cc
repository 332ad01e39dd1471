#include "apps/experiment/report/csv_tables.h"

#include <cmath>

#include "agent/state/csv.h"

namespace nabla::experiment {
namespace {

using Row = std::vector<std::string>;

constexpr const char* kAllTasks = "all";

// ---- summary.csv

struct UnitView {
  const Analysis& all;
  const Unit& unit;
  const UnitResult& result;
  const UnitSummary& summary;

  const PlannedTask& task() const { return all.plan.tasks[unit.task]; }
  std::string Score(const std::optional<double>& total_reward) const {
    return total_reward ? CsvCell(task().Score(*total_reward)) : "";
  }
  std::string Origin(const std::string& key) const {
    const auto found = result.origin.find(key);
    return found == result.origin.end() ? "" : CsvCell(found->second);
  }
};

struct Column {
  const char* name;
  std::string (*cell)(const UnitView& unit);
};

const std::vector<Column>& SummaryColumns() {
  using View = const UnitView&;
  static const std::vector<Column> table = {
      {"unit", [](View u) { return CsvCell(u.unit.folder); }},
      {"configuration", [](View u) { return CsvCell(u.all.NameOf(u.unit.configuration)); }},
      {"task", [](View u) { return CsvCell(u.task().name); }},
      {"seed", [](View u) { return std::to_string(u.unit.seed); }},
      {"state", [](View u) { return std::string(WordOf(u.result.state)); }},
      {"reason", [](View u) { return CsvCell(u.result.reason); }},
      {"steps", [](View u) { return std::to_string(u.result.last_step); }},
      {"seconds",
       [](View u) { return u.result.seconds.empty() ? "" : CsvCell(u.result.seconds.back()); }},
      {"final_return", [](View u) { return CsvCell(u.summary.final_return); }},
      {"final_score", [](View u) { return u.Score(u.summary.final_return); }},
      {"best_return", [](View u) { return CsvCell(u.summary.best_return); }},
      {"best_score", [](View u) { return u.Score(u.summary.best_return); }},
      {"best_step",
       [](View u) { return u.result.best ? std::to_string(u.result.best->step) : ""; }},
      {"chosen_return", [](View u) { return CsvCell(u.summary.chosen_return); }},
      {"average_return", [](View u) { return CsvCell(u.summary.average_return); }},
      {"average_score", [](View u) { return u.Score(u.summary.average_return); }},
      {"commit", [](View u) { return u.Origin("commit"); }},
      {"cpu", [](View u) { return u.Origin("cpu"); }},
  };
  return table;
}

// ---- aggregate.csv

std::string AggregateRow(const std::vector<std::string>& names, const Interval& interval,
                         std::size_t runs) {
  std::vector<std::string> cells;
  for (const std::string& name : names) cells.push_back(CsvCell(name));
  cells.push_back(CsvCell(interval.value));
  cells.push_back(CsvCell(interval.low));
  cells.push_back(CsvCell(interval.high));
  cells.push_back(std::to_string(runs));
  return CsvLine(cells);
}

std::string AggregateRows(const std::string& configuration, const std::string& task,
                          const Measure& measure, const std::optional<Aggregated>& aggregated,
                          const char* unit, bool has_optimum) {
  std::string text;
  for (const Statistic& statistic : kStatistics) {
    if (!aggregated || (statistic.needs_optimum && !has_optimum)) continue;
    text += AggregateRow({configuration, task, measure.name, statistic.name, unit},
                         aggregated->values.*statistic.interval, aggregated->runs);
  }
  return text;
}

std::string ThresholdRows(const std::string& configuration, double threshold,
                          const ThresholdResult& result) {
  if (result.runs == 0) return "";
  const std::string measure = "threshold " + CsvCell(threshold);
  return AggregateRow({configuration, kAllTasks, measure, "share_reached", "share"}, result.share,
                      result.runs) +
         AggregateRow({configuration, kAllTasks, measure, "median", "steps"}, result.steps,
                      result.runs) +
         AggregateRow({configuration, kAllTasks, measure, "median", "seconds"}, result.seconds,
                      result.runs);
}

void AddCurve(const std::string& configuration, const std::string& task, const char* unit,
              const Curve& curve, std::string& text) {
  for (std::size_t k = 0; k < curve.steps.size(); ++k) {
    const Interval& iqm = curve.band[k];
    text += CsvLine({CsvCell(configuration), CsvCell(task), unit, std::to_string(curve.steps[k]),
                     CsvCell(iqm.value), CsvCell(iqm.low), CsvCell(iqm.high)});
  }
}

}  // namespace

std::string CsvCell(const std::string& raw) {
  std::string text = agent::OneLine(raw);
  if (text.find_first_of("=+-@") == 0) text.insert(0, "'");
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string CsvCell(const std::optional<double>& value) {
  return value && !std::isnan(*value) ? agent::ShortestText(*value) : "";
}

std::string CsvLine(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += cell + ",";
  line.back() = '\n';
  return line;
}

std::string SummaryCsv(const Analysis& all) {
  Row row;
  for (const Column& column : SummaryColumns()) row.push_back(column.name);
  for (const double threshold : all.plan.thresholds) {
    row.push_back("steps_to_" + CsvCell(threshold));
    row.push_back("seconds_to_" + CsvCell(threshold));
  }
  std::string text = CsvLine(row);
  for (std::size_t i = 0; i < all.plan.units.size(); ++i) {
    row.clear();
    const UnitView unit{all, all.plan.units[i], all.results[i], all.units[i]};
    for (const Column& column : SummaryColumns()) row.push_back(column.cell(unit));
    for (const std::optional<Crossing>& crossing : unit.summary.crossings) {
      row.push_back(crossing ? std::to_string(crossing->steps) : "");
      row.push_back(crossing ? CsvCell(crossing->seconds) : "");
    }
    text += CsvLine(row);
  }
  return text;
}

std::string AggregateCsv(const Analysis& all) {
  const Plan& plan = all.plan;
  std::string text = "configuration,task,measure,statistic,unit,value,low,high,runs\n";
  for (std::size_t c = 0; c < all.configurations.size(); ++c) {
    const ConfigurationResult& result = all.configurations[c];
    const std::string& name = all.NameOf(c);
    for (std::size_t m = 0; m < kMeasures.size(); ++m) {
      const MeasureResult& measure = result.measures[m];
      text += AggregateRows(name, kAllTasks, kMeasures[m], measure.scores, all.quantity(),
                            plan.scored());
      if (plan.returns_are_scores()) continue;  // written already
      for (std::size_t t = 0; t < plan.tasks.size(); ++t) {
        text += AggregateRows(name, plan.tasks[t].name, kMeasures[m], measure.returns[t], "return",
                              false);
      }
    }
    for (std::size_t k = 0; k < plan.thresholds.size(); ++k) {
      text += ThresholdRows(name, plan.thresholds[k], result.thresholds[k]);
    }
  }
  return text;
}

std::string ImprovementCsv(const Analysis& all) {
  std::string text = "x,y,probability,low,high\n";
  for (const Improvement& pair : all.improvements) {
    text += CsvLine({CsvCell(all.NameOf(pair.x)), CsvCell(all.NameOf(pair.y)),
                     CsvCell(pair.probability.value), CsvCell(pair.probability.low),
                     CsvCell(pair.probability.high)});
  }
  return text;
}

std::string CurvesCsv(const Analysis& all) {
  std::string text = "configuration,task,unit,step,iqm,low,high\n";
  const Plan& plan = all.plan;
  for (std::size_t c = 0; c < plan.configurations.size(); ++c) {
    const ConfigurationResult& result = all.configurations[c];
    const std::string& name = plan.configurations[c].name;
    AddCurve(name, kAllTasks, all.quantity(), result.scores, text);
    if (plan.returns_are_scores()) continue;
    for (std::size_t t = 0; t < plan.tasks.size(); ++t) {
      AddCurve(name, plan.tasks[t].name, "return", result.returns[t], text);
    }
  }
  return text;
}

}  // namespace nabla::experiment
