#include "apps/experiment/report/html_report.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>

#include "agent/state/file_io.h"
#include "apps/experiment/report/html_style.h"
#include "apps/experiment/report/summary_tables.h"
#include "apps/text/text.h"

namespace nabla::experiment {
namespace {

// A section of the page. `html` does not include the heading; a section without html is left out.
struct Section {
  const char* id;
  const char* title;
  std::string html;
};

std::string Escaped(const std::string& text) {
  std::string safe;
  for (const char c : agent::OneLine(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

// A number followed by an interval: the interval is set smaller.
std::string CellHtml(const std::string& cell) {
  const std::size_t bracket = cell.find(" [");
  if (bracket == std::string::npos || !cell.ends_with(']')) return Escaped(cell);
  return Escaped(cell.substr(0, bracket)) + " <small>" + Escaped(cell.substr(bracket + 1)) +
         "</small>";
}

// `style(x, y)` is the style of a cell.
template <class Style>
std::string ToHtml(const Table& table, const char* table_class, const Style& style) {
  std::string html = fmt::format("<div class=\"scroll\"><table{}>", table_class);
  if (!table.title.empty()) html += "<caption>" + Escaped(table.title) + "</caption>";
  html += "<thead><tr>";
  const auto kind = [&](std::size_t i) { return table.columns[i].is_number ? " class=\"n\"" : ""; };
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::string name = table.columns[i].name;
    std::replace(name.begin(), name.end(), '_', ' ');
    html += fmt::format("<th{}>{}</th>", kind(i), Escaped(name));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (std::size_t x = 0; x < table.rows.size(); ++x) {
    html += "<tr>";
    for (std::size_t y = 0; y < table.rows[x].size(); ++y) {
      html += fmt::format("<td{}{}>{}</td>", kind(y), style(x, y), CellHtml(table.rows[x][y]));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string ToHtml(const Table& table) {
  return ToHtml(table, "", [](std::size_t, std::size_t) { return ""; });
}

std::string Fact(const std::string& name, const std::string& value, bool bad = false) {
  return fmt::format("<div><dt>{}</dt><dd{}>{}</dd></div>\n", name, bad ? " class=\"bad\"" : "",
                     Escaped(value));
}

std::string Header(const Analysis& all) {
  const Plan& plan = all.plan;
  std::string html = fmt::format("<header>\n<p class=\"eyebrow\">Experiment</p>\n<h1>{}</h1>\n",
                                 Escaped(plan.name));
  if (!plan.description.empty()) {
    std::string description = plan.description;
    std::replace(description.begin(), description.end(), '\n', ' ');
    html += fmt::format("<p class=\"question\">{}</p>\n", Escaped(description));
  }
  html += "<dl class=\"facts\">\n";
  html += Fact("configurations", std::to_string(plan.configurations.size()));
  html += Fact("tasks", std::to_string(plan.tasks.size()));
  html += Fact("seeds", std::to_string(plan.seeds.size()));
  html += Fact("runs finished", fmt::format("{} of {}", all.counts.finished, plan.units.size()));
  if (all.counts.failed > 0) html += Fact("failed", std::to_string(all.counts.failed), true);
  if (all.counts.left > 0) html += Fact("unfinished", std::to_string(all.counts.left), true);
  return html + "</dl>\n</header>\n";
}

std::string LegendHtml(const Chart& chart) {
  if (chart.series.empty()) return "";
  std::string html = "<ul class=\"legend\">";
  for (const Series& series : chart.series) {
    html += fmt::format("<li><i{} style=\"color:var(--s{})\"></i>{}</li>",
                        series.dashed ? " class=\"dashed\"" : "", series.color + 1,
                        Escaped(series.name));
  }
  return html + "</ul>\n";
}

// The figures whose names start with `beginning`, side by side.
std::string Figures(const HtmlReportInput& input, const std::string& beginning) {
  std::string html;
  for (const Chart& chart : input.charts) {
    if (!chart.name.starts_with(beginning) || chart.svg.empty()) continue;
    html += fmt::format(
        "<figure{}>\n<h3>{}</h3>\n{}<div class=\"scroll\">{}</div>\n<figcaption>{}</figcaption>\n"
        "</figure>\n",
        chart.width > 700 ? " class=\"wide\"" : "", Escaped(chart.title), LegendHtml(chart),
        chart.svg, Escaped(chart.note));
  }
  return html.empty() ? "" : "<div class=\"figures\">\n" + html + "</div>\n";
}

// The pairs as a matrix: the further a probability is from ½, the stronger its colour.
std::string MatrixHtml(const Analysis& all) {
  if (all.improvements.empty()) return "";
  Table table = ImprovementTable(all);
  table.columns[0].name = "row above column";
  return ToHtml(table, " class=\"matrix\"", [&](std::size_t x, std::size_t y) -> std::string {
    const auto p = y == 0 ? std::nullopt : all.ImprovementOf(all.ranking[x], all.ranking[y - 1]);
    if (!p) return "";
    return fmt::format(" style=\"background:color-mix(in srgb, var({}) {:.0f}%, var(--sheet))\"",
                       p->value >= 0.5 ? "--s1" : "--s2", 90 * std::abs(p->value - 0.5));
  });
}

// ---- setup and machines

std::string Configurations(const Analysis& all) {
  Table table = {"", {{"configuration", false}, {"changes", false}}, {}};
  for (const PlannedConfiguration& configuration : all.plan.configurations) {
    std::string changes;
    for (const std::string& text : configuration.set) {
      changes += (changes.empty() ? "" : ", ") + text;
    }
    table.rows.push_back({configuration.name, changes.empty() ? "none: the base" : changes});
  }
  return ToHtml(table);
}

std::string Machines(const Analysis& all) {
  const auto origin = [](const UnitResult& result, const char* key) {
    const auto found = result.origin.find(key);
    return found == result.origin.end() ? std::string("unknown") : found->second;
  };
  std::map<std::vector<std::string>, std::size_t> machines;
  for (const UnitResult& result : all.results) {
    if (result.origin.empty()) continue;
    ++machines[{origin(result, "cpu") + ", " + origin(result, "cores") + " cores",
                origin(result, "version") + ", " + origin(result, "commit"),
                origin(result, "compiler") + ", " + origin(result, "build_type")}];
  }
  Table table = {
      "", {{"machine", false}, {"version and commit", false}, {"build", false}, {"runs"}}, {}};
  for (const auto& [machine, runs] : machines) {
    table.rows.push_back({machine[0], machine[1], machine[2], std::to_string(runs)});
  }
  return table.rows.empty() ? "" : ToHtml(table);
}

std::string Setup(const Analysis& all) {
  const Plan& plan = all.plan;
  double seconds = 0;
  for (const UnitResult& result : all.results) {
    if (!result.seconds.empty()) seconds += result.seconds.back();
  }
  std::string html = Configurations(all);
  html += fmt::format(
      "<p>Each run is evaluated {} for {} without exploration noise. The training of all runs took "
      "{} s in total.</p>\n",
      plan.evaluation_every > 0
          ? "every " + CountText(static_cast<double>(plan.evaluation_every)) + " environment steps"
          : "at its end",
      text::Count(plan.evaluation_episodes, "episode"), CountText(seconds));
  return html + Machines(all);
}

std::string HowToRepeat(const Analysis& all) {
  std::string html;
  if (!all.plan.command.empty()) html += "<pre>" + Escaped(all.plan.command) + "</pre>\n";
  return html +
         "<p class=\"note\">The same command resumes an interrupted experiment. The results depend "
         "on the seeds, the build and the machine, but not on the number of jobs.</p>\n";
}

std::string HowToRead(const Analysis& all) {
  const StatisticsConfig& statistics = all.plan.statistics;
  std::string html = "<details><summary>How to read the numbers</summary>\n<dl>\n";
  for (const Measure& measure : kMeasures) {
    html += fmt::format("<dt><strong>{}</strong></dt><dd>{}</dd>\n", measure.name, measure.meaning);
  }
  return html +
         fmt::format(
             "</dl>\n<p>The evaluations during the training select the best checkpoint. The return "
             "that selected it is biased upwards, so the checkpoint is evaluated again on new "
             "episodes, and only the new return is reported as best.</p>\n"
             "<p>The interquartile mean (IQM) is the mean of the middle half of all runs. "
             "Intervals are percentiles of a stratified bootstrap with {} repetitions ({} for "
             "bands) and seed {}; the intervals of shares are Wilson's. Statistics and plots "
             "follow "
             "Agarwal et al. 2021, “Deep Reinforcement Learning at the Edge of the Statistical "
             "Precipice”.</p></details>\n",
             CountText(statistics.repetitions), CountText(statistics.band_repetitions),
             statistics.seed);
}

std::string AllRuns(const Analysis& all) {
  Table table = {"", {{"run", false}, {"state", false}, {"steps"}, {"seconds"}}, {}};
  for (const Measure& measure : kMeasures) {
    table.columns.push_back({std::string(measure.name) + " return"});
  }
  for (std::size_t i = 0; i < all.units.size(); ++i) {
    const UnitResult& result = all.results[i];
    table.rows.push_back({all.plan.units[i].folder, WordOf(result.state),
                          CountText(static_cast<double>(result.last_step)),
                          result.seconds.empty() ? "" : NumberText(result.seconds.back())});
    for (const Measure& measure : kMeasures) {
      const auto& total_reward = all.units[i].*measure.total_reward;
      table.rows.back().push_back(total_reward ? NumberText(*total_reward) : "");
    }
  }
  return fmt::format("<details><summary>All {} runs</summary>\n{}</details>\n", all.units.size(),
                     ToHtml(table));
}

std::string SearchHtml(const HtmlReportInput& input) {
  if (input.search.empty()) return "";
  std::string html =
      "<p>The configurations above are the trials that reached the highest rung. The best of many "
      "noisy scores is biased upwards: train the best trial with new seeds to confirm it.</p>\n";
  for (const Table& table : input.search) html += ToHtml(table);
  if (input.best_task.empty()) return html;
  return html + fmt::format("<p>The best trial as a task file:</p>\n<pre>{}</pre>\n",
                            Escaped("nabla train " + text::ShellWord(input.best_task)));
}

std::vector<Section> Sections(const HtmlReportInput& input) {
  const Analysis& all = input.all;
  std::string task_tables;
  for (const Table& table : TaskTables(all)) task_tables += ToHtml(table);
  return {{"result", "Result", ToHtml(MainTable(all)) + Figures(input, "aggregates") + task_tables},
          {"curves", "Learning curves", Figures(input, "curves")},
          {"pairs", "Pairwise comparison", MatrixHtml(all) + Figures(input, "improvement")},
          {"profile", "Distribution of the runs", Figures(input, "profile")},
          {"thresholds", "Time to a threshold",
           all.plan.thresholds.empty() ? "" : ToHtml(ThresholdTable(all))},
          {"search", "Search", SearchHtml(input)},
          {"unfinished", "Unfinished units",
           all.counts.failed + all.counts.left > 0 ? ToHtml(UnfinishedUnitTable(all)) : ""},
          {"setup", "Setup", Setup(all)},
          {"repeat", "How to repeat the experiment", HowToRepeat(all)},
          {"details", "Details", HowToRead(all) + AllRuns(all)}};
}

}  // namespace

std::string MakeHtmlReport(const HtmlReportInput& input) {
  const Analysis& all = input.all;
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{} – nabla</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}",
      Escaped(all.plan.name), kHtmlStyle, Header(all));
  html += "<p class=\"verdict\">" + Escaped(Conclusion(all)) + "</p>\n";
  if (!input.note.empty()) html += "<p class=\"note\">" + Escaped(input.note) + "</p>\n";
  for (const Section& section : Sections(input)) {
    if (section.html.empty()) continue;
    html += fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", section.id,
                        section.title, section.html);
  }
  return html +
         "<footer>Made by nabla. The numbers of this page are in summary.csv, aggregate.csv, "
         "improvement.csv and curves.csv in the same folder.</footer>\n</main>\n</body>\n</html>\n";
}

}  // namespace nabla::experiment
