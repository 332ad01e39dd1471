#include "agent/run/run_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <functional>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "agent/state/state_json.h"

namespace nabla::agent {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

// Follows links one by one, so that a relative path stays relative in messages.
fs::path FollowLinks(fs::path path) {
  if (!path.has_filename()) path = path.parent_path();  // a trailing slash
  std::error_code error;
  for (int i = 0; i < 40 && fs::is_symlink(path, error); ++i) {
    // As the kernel does. Removing ".." from the text would be wrong where a link comes before it.
    path = path.parent_path() / fs::read_symlink(path, error);
  }
  return path;
}

// The kernel releases flock(2) when the process ends, so a stale .lock file locks nothing.
FileDescriptor LockedFile(const RunPaths& run) {
  FileDescriptor file(run.lock(), O_RDWR | O_CREAT, "create");
  if (!file.TryLock()) {
    std::string owner = ReadFile(run.lock());
    owner.erase(std::remove(owner.begin(), owner.end(), '\n'), owner.end());
    throw InputError("run folder " + run.root.string() + " is in use by " +
                     (owner.empty() ? "another process" : "process " + owner));
  }
  file.Truncate(0);
  file.Write(BytesOf(std::to_string(::getpid()) + "\n"));
  return file;
}

// One more than the highest n of the folders <name>_<n>.
int NextNumber(const fs::path& parent, const std::string& name) {
  int highest = 0;
  for (const std::string& entry : ListFolder(parent)) {
    if (!entry.starts_with(name + "_")) continue;
    const char* begin = entry.data() + name.size() + 1;
    const char* end = entry.data() + entry.size();
    int number = 0;
    const auto parsed = std::from_chars(begin, end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end) highest = std::max(highest, number);
  }
  return highest + 1;
}

// The values of meta.json that this program reads must have the types that it writes.
void RequireMeta(const Json& meta, const fs::path& path) {
  if (!meta.is_object()) throw InputError(path.string() + " is damaged: it is not a JSON object");
  const auto words = Words(RunStatus());
  const std::pair<const char*, std::function<bool(const Json&)>> rules[] = {
      {"status", [&](const Json& v) { return std::count(words.begin(), words.end(), v) > 0; }},
      {"reason", [](const Json& v) { return v.is_string(); }},
      {"start", [](const Json& v) { return v.is_string(); }},
      {"resumed", [](const Json& v) { return v.is_array(); }},
      {"last_step", [](const Json& v) { return v.is_number_unsigned() && v <= kMaxCount; }},
  };
  for (const auto& [key, holds] : rules) {
    if (!meta.contains(key) || holds(meta[key])) continue;
    throw InputError(path.string() + " is damaged: " + key + " is " + JsonText(meta[key]));
  }
}

std::string Now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

}  // namespace

RunPaths FindRun(const fs::path& path) {
  RunPaths run{FollowLinks(path)};
  std::error_code error;
  if (!fs::is_directory(run.root, error)) {
    throw InputError("there is no run folder " + path.string());
  }
  for (const fs::path& needed : {run.config(), run.meta()}) {
    if (fs::is_regular_file(needed, error)) continue;
    throw InputError(path.string() + " is not a run folder: it has no " +
                     needed.filename().string());
  }
  return run;
}

Json ReadMeta(const RunPaths& run) {
  Json meta = ReadJson(run.meta());
  RequireMeta(meta, run.meta());
  return meta;
}

RunFolder RunFolder::Create(const fs::path& root, const std::string& algorithm,
                            const std::string& environment) {
  const fs::path parent = root / algorithm;
  CreateFolders(parent);
  std::string name = environment;
  std::replace(name.begin(), name.end(), '/', '-');
  // mkdir(2) fails if another process took the number in the meantime. Then try the next one.
  for (int n = NextNumber(parent, name);; ++n) {
    const fs::path folder = parent / (name + "_" + std::to_string(n));
    if (::mkdir(folder.c_str(), 0777) == 0) {
      RunFolder run(RunPaths{folder});
      run.latest_ = root / "latest";
      run.is_new_ = true;
      return run;
    }
    if (errno != EEXIST) throw IoError("create", folder, errno);
  }
}

RunFolder RunFolder::CreateAt(const fs::path& path) {
  const RunPaths paths{FollowLinks(path)};
  std::error_code error;
  if (path.empty() || fs::equivalent(paths.root, "/", error)) {
    throw InputError("'" + path.string() + "' cannot be a run folder");
  }
  const bool is_new = !fs::exists(paths.root, error);
  CreateFolders(paths.root);
  RunFolder run(paths);
  run.is_new_ = is_new;
  const bool has_begun = fs::exists(paths.meta(), error);
  for (const fs::path& part : paths.Contents()) {
    if (!fs::exists(fs::symlink_status(part, error))) continue;
    const std::string found = path.string() + " already contains ";
    const std::string name = part.filename().string();
    if (has_begun) {
      throw InputError(found + "a run (" + name + "): continue it with `nabla resume " +
                       path.string() + "` or choose another folder");
    }
    fs::remove(paths.lock(), error);  // not a run folder, so the lock file is ours
    throw InputError(found + name + ", but no run: delete it or choose another folder");
  }
  return run;
}

RunFolder RunFolder::Open(const fs::path& path) {
  RunFolder run(FindRun(path));
  run.meta_ = std::make_unique<Json>(ReadMeta(run.paths_));
  return run;
}

RunFolder::RunFolder(RunPaths paths)
    : paths_(std::move(paths)),
      lock_(LockedFile(paths_)),
      meta_(std::make_unique<Json>(Json::object())) {}

RunFolder::RunFolder(RunFolder&&) noexcept = default;
RunFolder& RunFolder::operator=(RunFolder&&) noexcept = default;
RunFolder::~RunFolder() = default;

std::string RunFolder::Start(const Json& about, std::int64_t step) {
  Json meta = about;
  meta["resumed"] = meta_->value("resumed", Json::array());
  if (meta_->contains("start")) {
    meta["start"] = (*meta_)["start"];
    meta["resumed"].push_back({{"time", Now()}, {"step", step}});
  } else {
    meta["start"] = Now();
  }
  *meta_ = std::move(meta);
  Update(RunStatus::kRunning, step);
  if (latest_.empty()) return "";
  try {
    ReplaceSymlink(paths_.root.lexically_relative(latest_.parent_path()), latest_);
  } catch (const std::exception& error) {  // a folder, a file, or the link of another user
    return std::string(error.what()) + "; this run is " + paths_.root.string();
  }
  return "";
}

void RunFolder::Discard() {
  std::error_code ignored;  // report the error that made the run fail
  for (const fs::path& part : paths_.Contents()) fs::remove_all(part, ignored);
  fs::remove(paths_.lock(), ignored);
  if (is_new_) fs::remove(paths_.root, ignored);  // unless it contains other files
}

void RunFolder::Update(RunStatus status, std::int64_t last_step, const std::string& reason) {
  (*meta_)["status"] = Words(status).at(static_cast<std::size_t>(status));
  (*meta_)["reason"] = reason;
  (*meta_)["last_step"] = last_step;
  (*meta_)["end"] = status == RunStatus::kRunning ? Json() : Json(Now());
  WriteFileAtomically(paths_.meta(), JsonText(*meta_, 2) + "\n");
}

}  // namespace nabla::agent
