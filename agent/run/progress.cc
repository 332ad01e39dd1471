#include "agent/run/progress.h"

#include <algorithm>
#include <optional>

namespace nabla::agent {
namespace {

struct ProgressColumn {
  const char* name;
  double ProgressRow::*value;
  bool required = false;  // of a finished run
};

// The one list that writing and reading use.
constexpr std::array<ProgressColumn, 10> kColumns = {{
    {"step", &ProgressRow::step, true},
    {"episodes", &ProgressRow::episodes},
    {"updates", &ProgressRow::updates},
    {"seconds", &ProgressRow::seconds, true},
    {"return_mean", &ProgressRow::return_mean, true},
    {"return_std", &ProgressRow::return_std},
    {"return_iqm", &ProgressRow::return_iqm},
    {"return_min", &ProgressRow::return_min},
    {"return_max", &ProgressRow::return_max},
    {"length_mean", &ProgressRow::length_mean},
}};

bool IsMetric(const std::string& column) {
  return std::none_of(kColumns.begin(), kColumns.end(),
                      [&](const ProgressColumn& own) { return own.name == column; });
}

}  // namespace

ProgressRow RowOf(const EvaluationRecord& record) {
  const std::vector<double>& returns = record.result.returns;
  ProgressRow row = {.step = static_cast<double>(record.step),
                     .episodes = static_cast<double>(record.episodes),
                     .updates = static_cast<double>(record.updates),
                     .seconds = record.seconds,
                     .return_mean = Mean(returns),
                     .return_std = StandardDeviation(returns),
                     .return_iqm = InterquartileMean(returns),
                     .return_min = Minimum(returns),
                     .return_max = Maximum(returns),
                     .length_mean = Mean(record.result.lengths)};
  for (const Metric& metric : *record.metrics) row.metrics.push_back(metric.Mean());
  return row;
}

std::vector<std::string> ProgressColumns(const std::vector<Metric>& metrics) {
  std::vector<std::string> names;
  for (const ProgressColumn& column : kColumns) names.emplace_back(column.name);
  for (const Metric& metric : metrics) names.push_back(metric.name);
  return names;
}

std::vector<double> ProgressValues(const ProgressRow& row) {
  std::vector<double> values;
  for (const ProgressColumn& column : kColumns) values.push_back(row.*column.value);
  values.insert(values.end(), row.metrics.begin(), row.metrics.end());
  return values;
}

Progress ReadProgress(const std::filesystem::path& path, CsvReader::Mode mode) {
  const bool is_strict = mode == CsvReader::Mode::kStrict;
  CsvReader reader(path, mode);
  std::array<std::optional<std::size_t>, kColumns.size()> own;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    own[i] = is_strict && kColumns[i].required ? reader.Column(kColumns[i].name)
                                               : reader.Find(kColumns[i].name);
  }
  Progress progress;
  std::vector<std::size_t> metrics;
  for (std::size_t i = 0; i < reader.columns().size(); ++i) {
    if (!IsMetric(reader.columns()[i])) continue;
    metrics.push_back(i);
    progress.metrics.push_back(reader.columns()[i]);
  }
  while (reader.Next()) {
    ProgressRow& row = progress.rows.emplace_back();
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      if (!own[i]) continue;
      row.*kColumns[i].value =
          is_strict && kColumns[i].required ? reader.Finite(*own[i]) : reader.Number(*own[i]);
    }
    for (const std::size_t i : metrics) row.metrics.push_back(reader.Number(i));
    const std::size_t n = progress.rows.size();
    if (is_strict && n > 1 && row.step <= progress.rows[n - 2].step) {
      reader.Fail("is not after the row before");
    }
  }
  return progress;
}

}  // namespace nabla::agent
