#include "apps/experiment/execution/results.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/run/progress.h"
#include "agent/run/run_folder.h"
#include "agent/state/file_io.h"
#include "agent/state/state_archive.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using agent::InputError;

// Beyond it, sums and squares of returns overflow.
constexpr double kLargestReturn = 1e100;

// The rows of an unfinished run up to the first that is damaged; it is cut when the run continues.
void ReadProgress(const agent::RunPaths& run, UnitResult& result) {
  const bool is_unfinished = result.state == UnitState::kPartial;
  const auto mode =
      is_unfinished ? agent::CsvReader::Mode::kLenient : agent::CsvReader::Mode::kStrict;
  for (const agent::ProgressRow& row : agent::ReadProgress(run.progress(), mode).rows) {
    const bool has_step = row.step >= 0 && row.step <= static_cast<double>(agent::kMaxCount);
    if (!has_step && !is_unfinished) throw InputError("progress.csv: a step is out of range");
    if (!has_step || !std::isfinite(row.seconds + row.return_mean)) return;
    if (!(std::abs(row.return_mean) <= kLargestReturn)) {
      result.state = UnitState::kFailed;
      result.reason = fmt::format("the return {:g} at step {:.0f} is beyond ±{:g}", row.return_mean,
                                  row.step, kLargestReturn);
      return;
    }
    result.steps.push_back(static_cast<std::int64_t>(row.step));
    result.seconds.push_back(row.seconds);
    result.returns.push_back(row.return_mean);
  }
}

// A run that ended has an evaluation every `every` steps and one at its end.
void CheckWhole(const UnitResult& result) {
  if (result.steps.empty() || result.steps.back() != result.last_step) {
    throw InputError("progress.csv ends at step " +
                     std::to_string(result.steps.empty() ? 0 : result.steps.back()) +
                     ", the run at step " + std::to_string(result.last_step));
  }
  const std::int64_t every = result.config->evaluation.every;
  if (every <= 0) return;
  std::int64_t before = 0;
  for (std::size_t i = 0; i < result.steps.size(); before = result.steps[i++]) {
    if (result.steps[i] - before < every + result.config->trainer.envs) continue;
    throw InputError("progress.csv:" + std::to_string(i + 2) + ": rows are missing before step " +
                     std::to_string(result.steps[i]));
  }
}

void ReadMeta(const agent::RunPaths& run, UnitResult& result) {
  const nlohmann::json meta = agent::ReadMeta(run);
  const std::string status = meta.at("status");
  result.reason = meta.at("reason");
  result.last_step = meta.at("last_step");
  if (result.last_step < 0) throw InputError("meta.json: last_step is negative");
  for (const auto& [key, value] : meta.items()) {
    if (value.is_string()) result.origin[key] = value.get<std::string>();
    if (key == "cores") result.origin[key] = value.dump();
  }
  if (status == "finished") result.state = UnitState::kFinished;
  if (status == "failed") result.state = UnitState::kFailed;
}

void SetDamaged(const std::string& reason, UnitResult& result) {
  result.steps.clear();
  result.seconds.clear();
  result.returns.clear();
  result.state = UnitState::kDamaged;
  result.reason = reason;
}

bool Exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

void RequireFile(const fs::path& path) {
  if (!Exists(path)) throw InputError(path.filename().string() + " is missing");
}

}  // namespace

UnitResult ReadUnit(const fs::path& folder, std::int64_t steps) {
  const agent::RunPaths run{folder};
  UnitResult result;
  if (!Exists(run.meta())) return result;
  result.state = UnitState::kPartial;
  bool meta_is_whole = false;
  try {
    RequireFile(run.config());
    result.config =
        config::ReadText<agent::TaskConfig>(agent::ReadFile(run.config()), run.config().string());
    ReadMeta(run, result);
    meta_is_whole = true;
    const bool may_lack_progress = result.state != UnitState::kFinished;
    if (may_lack_progress && !Exists(run.progress())) return result;
    RequireFile(run.progress());
    ReadProgress(run, result);
    if (result.state != UnitState::kFinished) return result;
    CheckWhole(result);
    result.best = agent::ReadBestReplay(run);
    if (result.best && !(std::abs(result.best->total_reward) <= kLargestReturn)) {
      throw InputError("best.json: the return is beyond any range");
    }
    steps = std::max(steps, result.config->trainer.steps);
    if (result.last_step < steps) result.state = UnitState::kPartial;
  } catch (const agent::IoError&) {
    throw;  // no descriptor is left, or the disk fails: it says nothing about the unit
  } catch (const nlohmann::json::exception&) {
    SetDamaged("meta.json or best.json lacks a value or has one of the wrong type", result);
  } catch (const std::exception& error) {
    // Rows after the last checkpoint are removed on resume.
    if (result.state == UnitState::kPartial && meta_is_whole) return result;
    SetDamaged(error.what(), result);
  }
  return result;
}

}  // namespace nabla::experiment
