#include "apps/experiment/report/summary_tables.h"

#include <spdlog/fmt/fmt.h>

#include "agent/state/csv.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

constexpr const char* kNone = "-";

std::string Text(const std::optional<Aggregated>& aggregated,
                 Interval AggregateIntervals::*statistic) {
  if (!aggregated) return kNone;
  return IntervalText(aggregated->values.*statistic);
}

std::string Percentage(const Analysis& all) {
  return fmt::format("{:g} %", 100 * all.plan.statistics.confidence);
}

std::string RunCount(const Analysis& all) {
  return text::Count(static_cast<std::int64_t>(all.results.size()), "run");
}

// "10", or "8, 2 failed".
std::string RunsText(const ConfigurationResult& result) {
  std::string text = std::to_string(result.counts.finished);
  if (result.counts.failed > 0) text += fmt::format(", {} failed", result.counts.failed);
  if (result.counts.left > 0) text += fmt::format(", {} unfinished", result.counts.left);
  return text;
}

// "a", "a and b", "a, b and c".
std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  return text;
}

// The best configuration, and the ones that it is significantly better than.
std::string Comparisons(const Analysis& all) {
  const std::size_t best = all.ranking.front();
  const auto& scores = all.configurations[best].measures[kFinal].scores;
  if (!scores) return "No configuration has a finished run on every task yet.";
  std::string text =
      fmt::format("{} has the highest final {}: its interquartile mean is {}.", all.NameOf(best),
                  all.quantity(), IntervalText(scores->values.iqm));
  if (!scores->values.iqm.has_bounds()) {
    return text + " A single run per task cannot show how much is due to chance: use more seeds.";
  }
  std::vector<std::string> better, alike, unknown;
  for (const Improvement& pair : all.improvements) {
    if (pair.x != best) continue;
    const Interval& p = pair.probability;
    (!p.has_bounds() ? unknown : p.low > 0.5 ? better : alike).push_back(all.NameOf(pair.y));
  }
  if (!better.empty()) {
    text += fmt::format(" Its runs beat those of {} with a probability above ½ ({} interval).",
                        Joined(better), Percentage(all));
  }
  if (!alike.empty()) {
    text += fmt::format(" Its difference from {} is not significant.", Joined(alike));
  }
  if (!unknown.empty()) {
    text += fmt::format(" Its difference from {} cannot be judged by a single run: use more seeds.",
                        Joined(unknown));
  }
  return text;
}

// The runs that the averages do not include.
std::string Caveats(const Analysis& all) {
  std::string text;
  if (all.counts.failed > 0) {
    const auto& score = all.plan.statistics.failed_score;
    text += fmt::format(
        " {} of {} failed; {}.", all.counts.failed, RunCount(all),
        score ? fmt::format("a failed run counts with the score {}", agent::ShortestText(*score))
              : std::string("averages leave failed runs out"));
  }
  if (all.counts.left > 0) {
    text += fmt::format(" The result is preliminary: {} of {} not finished.", all.counts.left,
                        RunCount(all) + (all.counts.left == 1 ? " is" : " are"));
  }
  return text;
}

Table TaskTable(const Analysis& all, std::size_t measure) {
  Table table;
  table.title = fmt::format("Return on each task, {}: interquartile mean [{} interval]",
                            kMeasures[measure].meaning, Percentage(all));
  table.columns = {{"configuration", false}};
  for (const PlannedTask& task : all.plan.tasks) table.columns.push_back({task.name});
  for (const std::size_t c : all.ranking) {
    std::vector<std::string> row = {all.NameOf(c)};
    for (const auto& returns : all.configurations[c].measures[measure].returns) {
      row.push_back(Text(returns, &AggregateIntervals::iqm));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Table MainTable(const Analysis& all) {
  Table table;
  const std::string tasks = all.plan.tasks.size() == 1
                                ? all.plan.tasks.front().name
                                : fmt::format("{} tasks", all.plan.tasks.size());
  table.title = fmt::format("{} on {}: interquartile mean [{} interval]",
                            all.plan.scored() ? "Score" : "Return", tasks, Percentage(all));
  table.columns = {{"configuration", false}, {"runs"}, {"final"}, {"best"}, {"average"}};
  std::vector<Statistic> others = InformativeStatistics(all.plan);
  std::erase_if(others, [](const Statistic& s) { return s.interval == &AggregateIntervals::iqm; });
  for (const Statistic& statistic : others) {
    table.columns.push_back({std::string("final ") + statistic.name});
  }
  for (const std::size_t c : all.ranking) {
    const ConfigurationResult& result = all.configurations[c];
    std::vector<std::string> row = {all.NameOf(c), RunsText(result)};
    for (const MeasureResult& measure : result.measures) {
      row.push_back(Text(measure.scores, &AggregateIntervals::iqm));
    }
    for (const Statistic& statistic : others) {
      row.push_back(Text(result.measures[kFinal].scores, statistic.interval));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::vector<Table> TaskTables(const Analysis& all) {
  if (all.plan.returns_are_scores()) return {};
  return {TaskTable(all, kFinal), TaskTable(all, kBest)};
}

Table ThresholdTable(const Analysis& all) {
  Table table;
  table.title =
      fmt::format("First evaluation with a {} at or above a threshold: median [{} interval]",
                  all.quantity(), Percentage(all));
  table.columns = {
      {"configuration", false}, {"threshold"}, {"reached"}, {"share"}, {"steps"}, {"seconds"}};
  for (std::size_t k = 0; k < all.plan.thresholds.size(); ++k) {
    for (const std::size_t c : all.ranking) {
      const ThresholdResult& result = all.configurations[c].thresholds[k];
      if (result.runs == 0) continue;
      table.rows.push_back({all.NameOf(c), agent::ShortestText(all.plan.thresholds[k]),
                            fmt::format("{} of {}", result.reached, result.runs),
                            IntervalText(result.share), CountText(result.steps),
                            IntervalText(result.seconds)});
    }
  }
  return table;
}

Table ImprovementTable(const Analysis& all) {
  Table table;
  table.title = fmt::format(
      "Probability that a run of the row ends with a higher {} than one of the column [{} "
      "interval]",
      all.quantity(), Percentage(all));
  table.columns = {{"", false}};
  std::vector<std::size_t> paired;
  for (const std::size_t c : all.ranking) {
    if (paired.size() == kMostPaired || !all.configurations[c].measures[kFinal].scores) break;
    paired.push_back(c);
    table.columns.push_back({all.NameOf(c)});
  }
  for (const std::size_t x : paired) {
    std::vector<std::string> row = {all.NameOf(x)};
    for (const std::size_t y : paired) {
      const auto p = all.ImprovementOf(x, y);
      row.push_back(!p ? kNone
                    : !p->has_bounds()
                        ? fmt::format("{:.2f}", p->value)
                        : fmt::format("{:.2f} [{:.2f}, {:.2f}]", p->value, p->low, p->high));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table UnfinishedUnitTable(const Analysis& all) {
  Table table;
  table.title = "Unfinished units";
  table.columns = {{"unit", false}, {"state", false}, {"step"}, {"reason", false}};
  for (std::size_t i = 0; i < all.results.size(); ++i) {
    const UnitResult& result = all.results[i];
    if (result.state == UnitState::kFinished) continue;
    table.rows.push_back({all.plan.units[i].folder, WordOf(result.state),
                          CountText(static_cast<double>(result.last_step)), result.reason});
  }
  return table;
}

std::vector<Table> SummaryTables(const Analysis& all) {
  std::vector<Table> tables;
  if (all.plan.averages()) tables.push_back(MainTable(all));
  for (Table& table : TaskTables(all)) tables.push_back(std::move(table));
  if (!all.plan.thresholds.empty()) tables.push_back(ThresholdTable(all));
  if (!all.improvements.empty()) tables.push_back(ImprovementTable(all));
  if (all.counts.failed + all.counts.left > 0) tables.push_back(UnfinishedUnitTable(all));
  return tables;
}

std::string Conclusion(const Analysis& all) {
  return all.ranking.empty() ? "" : Comparisons(all) + Caveats(all);
}

}  // namespace nabla::experiment
