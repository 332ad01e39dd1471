#include "apps/experiment/execution/results.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "agent/run/progress.h"
#include "agent/run/run_folder.h"
#include "agent/state/file_io.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using agent::InputError;

// The rows of an unfinished run up to the first that is damaged; it is cut when the run continues.
void ReadProgress(const agent::RunPaths& run, UnitResult& result) {
  const bool is_unfinished = result.state == UnitState::kPartial;
  const auto mode =
      is_unfinished ? agent::CsvReader::Mode::kLenient : agent::CsvReader::Mode::kStrict;
  for (const agent::ProgressRow& row : agent::ReadProgress(run.progress(), mode).rows) {
    if (!std::isfinite(row.step + row.seconds + row.return_mean)) return;
    result.steps.push_back(static_cast<std::int64_t>(row.step));
    result.seconds.push_back(row.seconds);
    result.returns.push_back(row.return_mean);
  }
}

// A run that ended has an evaluation every `every` steps and one at its end.
void CheckWhole(const UnitResult& result, const agent::TaskConfig& config) {
  if (result.steps.empty() || result.steps.back() != result.last_step) {
    throw InputError("progress.csv ends at step " +
                     std::to_string(result.steps.empty() ? 0 : result.steps.back()) +
                     ", the run at step " + std::to_string(result.last_step));
  }
  const std::int64_t every = config.evaluation.every;
  if (every <= 0) return;
  std::int64_t before = 0;
  for (std::size_t i = 0; i < result.steps.size(); before = result.steps[i++]) {
    if (result.steps[i] - before < every + config.trainer.envs) continue;
    throw InputError("progress.csv:" + std::to_string(i + 2) + ": rows are missing before step " +
                     std::to_string(result.steps[i]));
  }
}

void ReadMeta(const agent::RunPaths& run, UnitResult& result) {
  const nlohmann::json meta = agent::ReadMeta(run);
  const std::string status = meta.at("status");
  result.reason = meta.at("reason");
  result.last_step = meta.at("last_step");
  for (const auto& [key, value] : meta.items()) {
    if (value.is_string()) result.origin[key] = value.get<std::string>();
    if (key == "cores") result.origin[key] = value.dump();
  }
  if (status == "finished") result.state = UnitState::kFinished;
  if (status == "failed") result.state = UnitState::kFailed;
}

bool Exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

const char* NameOf(UnitState state) {
  switch (state) {
    case UnitState::kMissing:
      return "missing";
    case UnitState::kPartial:
      return "unfinished";
    case UnitState::kFinished:
      return "finished";
    case UnitState::kFailed:
      return "failed";
    case UnitState::kDamaged:
      return "damaged";
  }
  throw std::logic_error("unknown state of a unit");
}

UnitResult ReadUnit(const fs::path& folder, const agent::TaskConfig& config) {
  const agent::RunPaths run{folder};
  UnitResult result;
  if (!Exists(run.meta())) return result;
  result.state = UnitState::kPartial;
  bool meta_is_whole = false;
  try {
    ReadMeta(run, result);
    meta_is_whole = true;
    const bool may_lack_progress = result.state != UnitState::kFinished;
    if (may_lack_progress && !Exists(run.progress())) return result;
    ReadProgress(run, result);
    if (result.state != UnitState::kFinished) return result;
    CheckWhole(result, config);
    result.best = agent::ReadBestReplay(run);
    // A finished, shorter run: it will be resumed.
    if (result.last_step < config.trainer.steps) result.state = UnitState::kPartial;
  } catch (const std::exception& error) {
    // Rows after the last checkpoint are removed on resume.
    if (result.state == UnitState::kPartial && meta_is_whole) return result;
    result.steps.clear();
    result.seconds.clear();
    result.returns.clear();
    result.state = UnitState::kDamaged;
    result.reason = error.what();
  }
  return result;
}

UnitResult ReadUnit(const fs::path& folder, agent::TaskConfig* config) {
  const agent::RunPaths run{folder};
  UnitResult result;
  if (!Exists(run.config())) return result;
  try {
    *config = config::ReadFile<agent::TaskConfig>(run.config().string());
  } catch (const std::exception& error) {
    result.state = UnitState::kDamaged;
    result.reason = error.what();
    return result;
  }
  return ReadUnit(folder, *config);
}

}  // namespace nabla::experiment
