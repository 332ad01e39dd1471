#include "apps/experiment/report/tables.h"

#include <cmath>
#include <vector>

#include "agent/state/csv.h"

namespace nabla::experiment {
namespace {

using Row = std::vector<std::string>;

constexpr const char* kAllTasks = "all";

std::string Cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string Cell(double value) { return std::isnan(value) ? "" : agent::ShortestText(value); }
std::string Cell(const std::optional<double>& value) { return value ? Cell(*value) : ""; }

std::string Line(const Row& row) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) line += (i == 0 ? "" : ",") + row[i];
  return line + "\n";
}

// ---- summary.csv

struct UnitView {
  const Analysis& all;
  const Unit& unit;
  const UnitResult& result;
  const UnitSummary& summary;

  const PlannedTask& task() const { return all.plan.tasks[unit.task]; }
  std::string Score(const std::optional<double>& total_reward) const {
    return total_reward ? Cell(task().Score(*total_reward)) : "";
  }
  std::string Origin(const std::string& key) const {
    const auto found = result.origin.find(key);
    return found == result.origin.end() ? "" : Cell(found->second);
  }
};

struct Column {
  const char* name;
  std::string (*cell)(const UnitView& unit);
};

const std::vector<Column>& SummaryColumns() {
  using View = const UnitView&;
  static const std::vector<Column> table = {
      {"unit", [](View u) { return Cell(u.unit.folder); }},
      {"configuration", [](View u) { return Cell(u.all.NameOf(u.unit.configuration)); }},
      {"task", [](View u) { return Cell(u.task().name); }},
      {"seed", [](View u) { return std::to_string(u.unit.seed); }},
      {"state", [](View u) { return std::string(NameOf(u.result.state)); }},
      {"reason", [](View u) { return Cell(u.result.reason); }},
      {"steps", [](View u) { return std::to_string(u.result.last_step); }},
      {"seconds",
       [](View u) { return u.result.seconds.empty() ? "" : Cell(u.result.seconds.back()); }},
      {"final_return", [](View u) { return Cell(u.summary.final_return); }},
      {"final_score", [](View u) { return u.Score(u.summary.final_return); }},
      {"best_return", [](View u) { return Cell(u.summary.best_return); }},
      {"best_score", [](View u) { return u.Score(u.summary.best_return); }},
      {"best_step",
       [](View u) { return u.result.best ? std::to_string(u.result.best->step) : ""; }},
      {"chosen_return", [](View u) { return Cell(u.summary.chosen_return); }},
      {"average_return", [](View u) { return Cell(u.summary.average_return); }},
      {"average_score", [](View u) { return u.Score(u.summary.average_return); }},
      {"commit", [](View u) { return u.Origin("commit"); }},
      {"cpu", [](View u) { return u.Origin("cpu"); }},
  };
  return table;
}

// ---- aggregate.csv

class AggregateTable {
 public:
  explicit AggregateTable(const Analysis& all) : all_(all) {
    text_ = "configuration,task,measure,statistic,unit,value,low,high,runs\n";
    for (std::size_t c = 0; c < all.configurations.size(); ++c) AddConfiguration(c);
  }

  const std::string& text() const { return text_; }

 private:
  void AddConfiguration(std::size_t c) {
    const ConfigurationResult& result = all_.configurations[c];
    const Plan& plan = all_.plan;
    name_ = Cell(plan.configurations[c].name);
    for (std::size_t m = 0; m < kMeasures.size(); ++m) {
      const MeasureResult& measure = result.measures[m];
      AddMeasure(kAllTasks, kMeasures[m], measure.scores, all_.quantity(), plan.scored());
      // The returns of a single task that are scores as well stand there already.
      if (plan.tasks.size() == 1 && !plan.scored()) continue;
      for (std::size_t t = 0; t < plan.tasks.size(); ++t) {
        AddMeasure(plan.tasks[t].name, kMeasures[m], measure.returns[t], "return", false);
      }
    }
    for (std::size_t k = 0; k < plan.thresholds.size(); ++k) {
      AddThreshold("threshold " + Cell(plan.thresholds[k]), result.thresholds[k]);
    }
  }

  void AddMeasure(const std::string& task, const Measure& measure,
                  const std::optional<Aggregated>& aggregated, const char* unit, bool has_optimum) {
    if (!aggregated) return;
    for (const Statistic& statistic : kStatistics) {
      // A gap needs to know what is best, which only scores do.
      if (statistic.interval == &AggregateIntervals::optimality_gap && !has_optimum) continue;
      Add(task, measure.name, statistic.name, unit, aggregated->values.*statistic.interval,
          aggregated->has_interval, aggregated->runs);
    }
  }

  void AddThreshold(const std::string& measure, const ThresholdResult& result) {
    if (result.runs == 0) return;
    const bool spread = result.runs > 1;
    Add(kAllTasks, measure, "share_reached", "share", result.share, true, result.runs);
    Add(kAllTasks, measure, "median", "steps", result.steps, spread, result.runs);
    Add(kAllTasks, measure, "median", "seconds", result.seconds, spread, result.runs);
  }

  void Add(const std::string& task, const std::string& measure, const char* statistic,
           const char* unit, const Interval& interval, bool has_interval, std::size_t runs) {
    text_ += Line({name_, Cell(task), Cell(measure), statistic, unit, Cell(interval.value),
                   has_interval ? Cell(interval.low) : "", has_interval ? Cell(interval.high) : "",
                   std::to_string(runs)});
  }

  const Analysis& all_;
  std::string name_;
  std::string text_;
};

void AddCurve(const std::string& configuration, const std::string& task, const char* unit,
              const Curve& curve, std::string& text) {
  for (std::size_t k = 0; k < curve.steps.size(); ++k) {
    const Interval& iqm = curve.band[k];
    text += Line({Cell(configuration), Cell(task), unit, std::to_string(curve.steps[k]),
                  Cell(iqm.value), Cell(iqm.low), Cell(iqm.high)});
  }
}

}  // namespace

std::string SummaryCsv(const Analysis& all) {
  Row row;
  for (const Column& column : SummaryColumns()) row.push_back(column.name);
  for (const double threshold : all.plan.thresholds) {
    row.push_back("steps_to_" + Cell(threshold));
    row.push_back("seconds_to_" + Cell(threshold));
  }
  std::string text = Line(row);
  for (std::size_t i = 0; i < all.plan.units.size(); ++i) {
    row.clear();
    const UnitView unit{all, all.plan.units[i], all.results[i], all.units[i]};
    for (const Column& column : SummaryColumns()) row.push_back(column.cell(unit));
    for (const std::optional<Crossing>& crossing : unit.summary.crossings) {
      row.push_back(crossing ? std::to_string(crossing->steps) : "");
      row.push_back(crossing ? Cell(crossing->seconds) : "");
    }
    text += Line(row);
  }
  return text;
}

std::string AggregateCsv(const Analysis& all) { return AggregateTable(all).text(); }

std::string ImprovementCsv(const Analysis& all) {
  std::string text = "x,y,probability,low,high\n";
  const auto& configurations = all.plan.configurations;
  for (const Improvement& pair : all.improvements) {
    text += Line({Cell(configurations[pair.x].name), Cell(configurations[pair.y].name),
                  Cell(pair.probability.value), Cell(pair.probability.low),
                  Cell(pair.probability.high)});
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
    if (plan.tasks.size() == 1 && !plan.scored()) continue;
    for (std::size_t t = 0; t < plan.tasks.size(); ++t) {
      AddCurve(name, plan.tasks[t].name, "return", result.returns[t], text);
    }
  }
  return text;
}

}  // namespace nabla::experiment
