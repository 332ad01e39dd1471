#include "apps/experiment/execution/results.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "agent/run/run_folder.h"
#include "agent/state/file_io.h"
#include "config/config.h"

namespace nabla::experiment {
namespace {

namespace fs = std::filesystem;
using agent::InputError;

// progress.csv line by line; every error names the line.
class ProgressReader {
 public:
  explicit ProgressReader(const fs::path& path) : path_(path), text_(agent::ReadFile(path)) {}

  void Read(UnitResult& result) {
    std::vector<std::string_view> header;
    if (!NextRow(header)) Fail("is empty");
    const std::size_t step = Column(header, "step");
    const std::size_t seconds = Column(header, "seconds");
    const std::size_t total_reward = Column(header, "return_mean");
    std::vector<std::string_view> cells;
    while (NextRow(cells)) {
      if (cells.size() != header.size()) {
        Fail("has " + std::to_string(cells.size()) + " of " + std::to_string(header.size()) +
             " values");
      }
      result.steps.push_back(static_cast<std::int64_t>(Number(cells[step])));
      result.seconds.push_back(Number(cells[seconds]));
      result.returns.push_back(Number(cells[total_reward]));
      const std::size_t n = result.steps.size();
      if (n > 1 && result.steps[n - 1] <= result.steps[n - 2]) Fail("is not after the row before");
    }
  }

  [[noreturn]] void Fail(const std::string& what) const {
    throw InputError(path_.filename().string() + ":" + std::to_string(line_) + ": this row " +
                     what);
  }

 private:
  bool NextRow(std::vector<std::string_view>& cells) {
    if (next_ >= text_.size()) return false;
    ++line_;
    const std::size_t end = text_.find('\n', next_);
    if (end == std::string::npos) Fail("is cut off");
    std::string_view row = std::string_view(text_).substr(next_, end - next_);
    next_ = end + 1;
    cells.clear();
    for (std::size_t comma = 0; comma != std::string_view::npos;) {
      comma = row.find(',');
      cells.push_back(row.substr(0, comma));
      if (comma != std::string_view::npos) row = row.substr(comma + 1);
    }
    return true;
  }

  std::size_t Column(const std::vector<std::string_view>& header, std::string_view name) const {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) Fail("has no column " + std::string(name));
    return static_cast<std::size_t>(found - header.begin());
  }

  double Number(std::string_view text) const {
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
        !std::isfinite(value)) {
      Fail("has '" + std::string(text) + "' where a number should be");
    }
    return value;
  }

  fs::path path_;
  std::string text_;
  std::size_t next_ = 0;
  int line_ = 0;
};

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
    ProgressReader(run.progress()).Read(result);
    if (result.state != UnitState::kFinished) return result;
    CheckWhole(result, config);
    result.best = ReadBest(run);
    // Finished as a shorter run: it goes on.
    if (result.last_step < config.trainer.steps) result.state = UnitState::kPartial;
  } catch (const std::exception& error) {
    // What an unfinished run has written since its last checkpoint is cut when it goes on.
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
