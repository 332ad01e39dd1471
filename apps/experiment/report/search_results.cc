#include "apps/experiment/report/search_results.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "agent/state/csv.h"
#include "agent/state/state_json.h"
#include "apps/experiment/report/csv_tables.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kGroups = 5;

// 1 for the worst (IsBetter); equal values share the mean of their ranks.
std::vector<double> RanksOf(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return IsBetter(values[b], values[a]); });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0, end = 0; i < order.size(); i = end) {
    while (end < order.size() && !IsBetter(values[order[end]], values[order[i]])) ++end;
    for (std::size_t k = i; k < end; ++k) {
      ranks[order[k]] = static_cast<double>(i + end + 1) / 2;
    }
  }
  return ranks;
}

double MeanOf(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Σ (x − mean x)(y − mean y)
double Covariation(const std::vector<double>& x, const std::vector<double>& y) {
  const double mean_x = MeanOf(x), mean_y = MeanOf(y);
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += (x[i] - mean_x) * (y[i] - mean_y);
  return sum;
}

// Groups of about equal size by u. Each choice is a group, and so is each value of a parameter with
// few values.
std::vector<std::string> GroupsOf(const SearchParameter& parameter, const std::vector<double>& u) {
  std::vector<std::string> values;
  for (const double x : u) values.push_back(parameter.Value(x));
  std::vector<std::string> distinct = values;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (parameter.scale == SearchParameter::kChoice || distinct.size() <= kGroups) return values;
  const std::vector<double> ranks = RanksOf(u);
  std::vector<std::string> groups;
  for (const double rank : ranks) {
    groups.push_back(std::to_string(
        static_cast<std::size_t>((rank - 0.5) * kGroups / static_cast<double>(u.size()))));
  }
  return groups;
}

// ε² = (between − (k − 1) within / (n − k)) / total, of sums of squares.
double EpsilonSquared(const std::vector<std::string>& groups, const std::vector<double>& y) {
  std::map<std::string, std::vector<double>> by_group;
  for (std::size_t i = 0; i < y.size(); ++i) by_group[groups[i]].push_back(y[i]);
  const double total = Covariation(y, y);
  double within = 0;
  for (const auto& [group, values] : by_group) within += Covariation(values, values);
  const auto n = static_cast<double>(y.size());
  const auto k = static_cast<double>(by_group.size());
  if (total <= 0 || n <= k) return 0;
  return std::clamp((total - within - (k - 1) * within / (n - k)) / total, 0.0, 1.0);
}

std::string Csv(const Search& search) {
  const std::vector<Rung>& rungs = search.spec().rungs;
  std::vector<std::string> row = {"rank", "trial", "rung", "steps", "seeds", "score"};
  for (std::size_t r = 0; r < rungs.size(); ++r) row.push_back("score_" + std::to_string(r));
  for (const SearchParameter& parameter : search.spec().parameters)
    row.push_back(CsvCell(parameter.name));
  std::string text = CsvLine(row);
  std::size_t rank = 0;
  for (const std::size_t t : search.Ranking()) {
    const Trial& trial = search.trials()[t];
    const auto [rung, score] = trial.Best();
    row = {std::to_string(++rank),
           trial.name,
           std::to_string(rung),
           std::to_string(rungs[rung].steps),
           std::to_string(rungs[rung].seeds),
           CsvCell(score)};
    for (std::size_t r = 0; r < rungs.size(); ++r) {
      row.push_back(r < trial.scores.size() ? CsvCell(trial.scores[r]) : "");
    }
    for (std::size_t d = 0; d < trial.point.size(); ++d) {
      row.push_back(CsvCell(search.spec().parameters[d].Value(trial.point[d])));
    }
    text += CsvLine(row);
  }
  return text;
}

// The config of the best trial, on the first task.
std::string BestTask(const Search& search, std::size_t trial) {
  const Rung& rung = search.spec().rungs.back();
  SearchUnit unit;
  unit.trial = trial;
  unit.rung = search.spec().rungs.size() - 1;
  const auto [reached, score] = search.trials()[trial].Best();
  return fmt::format("# {}: score {} on rung {} of {} ({} seeds), {} trials.\n",
                     search.trials()[trial].name, agent::ShortestText(score), reached + 1,
                     search.spec().rungs.size(), rung.seeds, search.trials().size()) +
         config::Write(search.ConfigOf(unit), {.comments = true});
}

}  // namespace

std::vector<Importance> ImportanceOf(const std::vector<SearchParameter>& parameters,
                                     const std::vector<Point>& points,
                                     const std::vector<double>& scores) {
  std::vector<Importance> all;
  if (points.size() < 2 * kGroups) return all;
  const std::vector<double> y = RanksOf(scores);
  for (std::size_t d = 0; d < parameters.size(); ++d) {
    std::vector<double> u;
    for (const Point& point : points) u.push_back(point[d]);
    Importance importance{parameters[d].name, EpsilonSquared(GroupsOf(parameters[d], u), y), 0};
    const std::vector<double> x = RanksOf(u);
    const double scale = std::sqrt(Covariation(x, x) * Covariation(y, y));
    if (parameters[d].scale != SearchParameter::kChoice && scale > 0) {
      importance.direction = Covariation(x, y) / scale;
    }
    all.push_back(importance);
  }
  return all;
}

std::vector<Importance> ImportanceOf(const Search& search) {
  std::vector<Point> points;
  std::vector<double> scores;
  for (const Trial& trial : search.trials()) {
    if (trial.scores.empty()) continue;
    points.push_back(trial.point);
    scores.push_back(trial.scores.front());
  }
  return ImportanceOf(search.spec().parameters, points, scores);
}

Json ResultsToJson(const Search& search) {
  Json json = {{"format", "nabla search 1"},    {"definition", search.Definition()},
               {"finished", search.finished()}, {"jobs", Json::array()},
               {"ranking", Json::array()},      {"importance", Json::array()}};
  for (std::size_t k = 0; k < search.jobs().size(); ++k) {
    const std::optional<double> score = search.scores()[k];
    json["jobs"].push_back({{"trial", search.jobs()[k].trial},
                            {"rung", search.jobs()[k].rung},
                            {"score", NumberOrNull(score)}});
  }
  for (const std::size_t t : search.Ranking()) {
    const Trial& trial = search.trials()[t];
    Json entry = {{"trial", trial.name}, {"rung", trial.Best().first}};
    entry["score"] = NumberOrNull(trial.Best().second);
    for (std::size_t d = 0; d < trial.point.size(); ++d) {
      const SearchParameter& parameter = search.spec().parameters[d];
      entry["values"][parameter.name] = parameter.Value(trial.point[d]);
    }
    json["ranking"].push_back(std::move(entry));
  }
  for (const Importance& importance : ImportanceOf(search)) {
    json["importance"].push_back({{"parameter", importance.parameter},
                                  {"share", importance.share},
                                  {"direction", importance.direction}});
  }
  return json;
}

void WriteResults(const Search& search, const ExperimentPaths& paths) {
  agent::WriteFileAtomically(paths.search_csv(), Csv(search));
  agent::WriteFileAtomically(paths.search_json(), agent::JsonText(ResultsToJson(search), 1) + "\n");
  const std::vector<std::size_t> ranking = search.Ranking();
  if (ranking.empty() || !std::isfinite(search.trials()[ranking.front()].Best().second)) return;
  agent::WriteFileAtomically(paths.best(), BestTask(search, ranking.front()));
}

std::vector<Table> SearchTables(const Json& results, std::size_t rows) {
  Table ranking{
      "Best trials", {{"rank"}, {"trial", false}, {"rung"}, {"steps"}, {"seeds"}, {"score"}}, {}};
  const Json& definition = results.at("definition");
  for (const Json& parameter : definition.at("parameters")) {
    ranking.columns.push_back({parameter.at("name"), false});
  }
  for (const Json& entry : results.at("ranking")) {
    if (ranking.rows.size() == rows) break;
    const std::size_t rung = entry.at("rung");
    const Json& on = definition.at("rungs").at(rung);
    std::vector<std::string> row = {
        std::to_string(ranking.rows.size() + 1),
        entry.at("trial"),
        std::to_string(rung + 1),
        on.at("steps").dump(),
        on.at("seeds").dump(),
        entry.at("score").is_null() ? "failed" : NumberText(entry.at("score"))};
    for (const Json& parameter : definition.at("parameters")) {
      row.push_back(entry.at("values").at(parameter.at("name").get<std::string>()));
    }
    ranking.rows.push_back(std::move(row));
  }
  Table importance{
      "Importance: share of the variance of the ranks on rung 1 that a parameter alone explains; "
      "Spearman's rank correlation",
      {{"parameter", false}, {"share"}, {"correlation"}},
      {}};
  for (const Json& entry : results.at("importance")) {
    const double direction = entry.at("direction");
    importance.rows.push_back({entry.at("parameter"),
                               fmt::format("{:.0f} %", 100 * entry.at("share").get<double>()),
                               direction == 0 ? "" : fmt::format("{:+.2f}", direction)});
  }
  std::vector<Table> tables = {std::move(ranking)};
  if (!importance.rows.empty()) tables.push_back(std::move(importance));
  return tables;
}

std::vector<Table> SearchTables(const ExperimentPaths& paths, std::size_t rows) {
  std::error_code error;
  if (!std::filesystem::exists(paths.search_json(), error)) return {};
  try {
    return SearchTables(agent::ReadJson(paths.search_json()), rows);
  } catch (const Json::exception&) {
    throw agent::InputError(paths.search_json().string() +
                            " is damaged: it lacks a value or has one of another type");
  }
}

}  // namespace nabla::experiment
