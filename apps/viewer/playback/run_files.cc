#include "apps/viewer/playback/run_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "agent/state/file_io.h"
#include "apps/viewer/playback/curves.h"

namespace nabla::viewer {
namespace {

// Columns of progress.csv that are no metrics of the updates.
constexpr std::string_view kOwnColumns[] = {"step",        "episodes",   "updates",    "seconds",
                                            "return_mean", "return_std", "return_iqm", "return_min",
                                            "return_max",  "length_mean"};

std::vector<std::string_view> Fields(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t comma = std::min(line.find(','), line.size());
    fields.push_back(line.substr(0, comma));
    if (comma == line.size()) return fields;
    line.remove_prefix(comma + 1);
  }
}

double Number(std::string_view text) {
  double value = kNone;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : kNone;
}

double At(const std::vector<double>& row, int column) {
  const auto i = static_cast<std::size_t>(column);
  return column >= 0 && i < row.size() ? row[i] : kNone;
}

}  // namespace

int Table::Column(const std::string& name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

Table ReadTable(const std::filesystem::path& file) {
  const std::string content = agent::ReadFile(file);
  Table table;
  std::string_view rest = content;
  while (true) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return table;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.empty() || line.front() == '#') continue;
    const auto fields = Fields(line);
    if (table.columns.empty()) {
      table.columns.assign(fields.begin(), fields.end());
      continue;
    }
    std::vector<double>& row = table.rows.emplace_back();
    for (const std::string_view field : fields) row.push_back(Number(field));
  }
}

RunCurves MakeCurves(const Table& progress, const Table& monitor) {
  RunCurves curves;
  const int step = progress.Column("step");
  const int mean = progress.Column("return_mean");
  const int std = progress.Column("return_std");
  const int low = progress.Column("return_min");
  const int high = progress.Column("return_max");
  std::vector<std::string> metrics;
  for (const std::string& column : progress.columns) {
    if (std::find(std::begin(kOwnColumns), std::end(kOwnColumns), column) ==
        std::end(kOwnColumns)) {
      metrics.push_back(column);
    }
  }
  for (const std::vector<double>& row : progress.rows) {
    curves.learning_curve.evaluations.push_back(
        {At(row, step), At(row, mean), At(row, std), At(row, low), At(row, high)});
    std::vector<double> values;
    for (const std::string& name : metrics) values.push_back(At(row, progress.Column(name)));
    AddMetrics(metrics, values, At(row, step), curves.training);
  }
  if (progress.rows.size() >= 2) {
    const auto& last = progress.rows.back();
    const auto& before = progress.rows[progress.rows.size() - 2];
    const int seconds = progress.Column("seconds");
    curves.steps_per_second =
        (At(last, step) - At(before, step)) / (At(last, seconds) - At(before, seconds));
  }
  const int total_reward = monitor.Column("r");
  const int length = monitor.Column("l");
  double steps = 0;
  for (const std::vector<double>& row : monitor.rows) {
    if (!std::isfinite(At(row, length))) continue;
    steps += At(row, length);
    curves.learning_curve.episodes.push_back({steps, At(row, total_reward)});
    Thin(curves.learning_curve.episodes);
  }
  return curves;
}

}  // namespace nabla::viewer
