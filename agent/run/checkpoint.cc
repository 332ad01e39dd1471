#include "agent/run/checkpoint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <tuple>
#include <utility>

namespace nabla::agent {
namespace fs = std::filesystem;
namespace {

struct KindNames {
  CheckpointKind kind;
  const char* name;    // the link, and "kind" in state.json
  const char* prefix;  // of the folders
  bool has_link;
};
constexpr std::array<KindNames, 3> kKinds{{
    {CheckpointKind::kLatest, "latest", "step_", true},
    {CheckpointKind::kBest, "best", "best_", true},
    {CheckpointKind::kKept, "kept", "kept_", false},
}};

const KindNames& NamesOf(CheckpointKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

// Reads digits at the front of `text` and removes them.
std::optional<std::int64_t> TakeNumber(std::string_view& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || number > kMaxCount) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// The target of a link, or its own name if it is not a link (copies made by hand may have folders).
// A link to another folder has none.
std::string LinkTarget(const fs::path& link) {
  std::error_code error;
  const fs::path target = fs::read_symlink(link, error);
  if (!error) return target.has_parent_path() ? std::string() : target.string();
  return fs::is_directory(link, error) ? link.filename().string() : std::string();
}

}  // namespace

struct CheckpointStore::Entry {
  CheckpointKind kind;
  std::int64_t step;
  std::int64_t generation;  // 1 for step_5000, 2 for step_5000.2
  std::string name;
};

CheckpointStore::CheckpointStore(fs::path folder, Access access)
    : folder_(std::move(folder)), access_(access) {
  if (access_ == Access::kRead) return;
  std::error_code error;
  if (fs::is_symlink(folder_, error)) {
    throw InputError(folder_.string() + " is a symbolic link, which is not followed");
  }
  CreateFolders(folder_);
  Recover();
}

std::vector<CheckpointStore::Entry> CheckpointStore::Entries() const {
  std::vector<Entry> entries;
  for (const std::string& name : ListFolder(folder_)) {
    for (const KindNames& names : kKinds) {
      std::string_view rest = name;
      if (!rest.starts_with(names.prefix)) continue;
      rest.remove_prefix(std::string_view(names.prefix).size());
      const auto step = TakeNumber(rest);
      std::optional<std::int64_t> generation = 1;
      if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        generation = TakeNumber(rest);
      }
      if (step && generation && rest.empty()) {
        entries.push_back({names.kind, *step, *generation, name});
      }
    }
  }
  // By age within a kind.
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.kind, a.step, a.generation) < std::tie(b.kind, b.step, b.generation);
  });
  return entries;
}

void CheckpointStore::Recover() const {
  for (const std::string& name : ListFolder(folder_)) {
    if (name.starts_with(kTemporaryPrefix)) RemoveFolder(folder_ / name);
  }
  for (const KindNames& names : kKinds) {
    const fs::path link = folder_ / names.name;
    std::error_code error;
    if (fs::is_directory(fs::symlink_status(link, error))) {
      throw InputError(link.string() + " is a folder, not a link: copy runs with `cp -a`");
    }
    std::string keep = names.has_link ? LinkTarget(link) : std::string();
    std::string newest;
    bool is_present = false;
    for (const Entry& entry : Entries()) {
      if (entry.kind != names.kind) continue;
      newest = entry.name;
      is_present |= entry.name == keep;
    }
    if (names.has_link && !is_present && !newest.empty()) {
      // The writer was killed between the rename and the link. A folder with its final name is
      // whole.
      keep = newest;
      ReplaceSymlink(keep, link);
    }
    Prune(names.kind, keep);
  }
}

void CheckpointStore::Prune(CheckpointKind kind, const std::string& keep) const {
  const std::vector<Entry> entries = Entries();
  for (const Entry& entry : entries) {
    if (entry.kind != kind || entry.name == keep) continue;
    const bool superseded = NamesOf(kind).has_link ||
                            std::any_of(entries.begin(), entries.end(), [&](const Entry& other) {
                              return other.kind == kind && other.step == entry.step &&
                                     other.generation > entry.generation;
                            });
    if (superseded) RemoveFolder(folder_ / entry.name);
  }
}

void CheckpointStore::Write(CheckpointKind kind, std::int64_t step, const StateFunction& state,
                            const nlohmann::json& metadata) {
  if (access_ != Access::kWrite) throw std::logic_error("this checkpoint store is read-only");
  const KindNames& names = NamesOf(kind);
  StateSaver saver(kind != CheckpointKind::kLatest);
  StateArchive archive(saver);
  state(archive);

  const std::string base = names.prefix + std::to_string(step);
  std::string name = base;
  for (const Entry& entry : Entries()) {
    if (entry.kind == kind && entry.step == step) {
      name = base + "." + std::to_string(entry.generation + 1);
    }
  }
  const fs::path temporary = TemporaryFor(folder_ / base);
  RemoveFolder(temporary);
  CreateFolders(temporary);
  try {
    saver.WriteTo(temporary, names.name, step, metadata);
    SyncFolder(temporary);
    Rename(temporary, folder_ / name);
  } catch (...) {
    std::error_code ignored;  // report the first error
    fs::remove_all(temporary, ignored);
    throw;
  }
  SyncFolder(folder_);
  if (names.has_link) ReplaceSymlink(name, folder_ / names.name);
  Prune(kind, name);
}

std::string CheckpointStore::Resolve(std::string_view which) const {
  for (const KindNames& names : kKinds) {
    if (names.has_link && which == names.name) return LinkTarget(folder_ / names.name);
  }
  std::string_view rest = which;
  const auto step = TakeNumber(rest);
  if (!step || !rest.empty()) return {};
  std::string found;
  std::optional<CheckpointKind> found_kind;  // prefers a full checkpoint to a policy
  for (const Entry& entry : Entries()) {
    if (entry.step != *step || (found_kind && entry.kind != *found_kind)) continue;
    found = entry.name;
    found_kind = entry.kind;
  }
  return found;
}

bool CheckpointStore::Has(std::string_view which) const {
  std::error_code error;
  return fs::is_directory(folder_, error) && !Resolve(which).empty();
}

StateLoader CheckpointStore::Open(std::string_view which) const {
  std::string name = Has(which) ? Resolve(which) : "";
  while (!name.empty()) {
    try {
      return StateLoader(folder_ / name);
    } catch (const IoError& unreadable) {
      // A writer may have replaced it after Resolve. Then the next one is whole.
      const std::string now = Resolve(which);
      if (now == name) throw InputError(unreadable.what());
      name = now;
    }
  }
  throw InputError("no checkpoint '" + std::string(which) + "' in " + folder_.string() +
                   "; available: " + Describe());
}

std::vector<CheckpointStore::Item> CheckpointStore::List() const {
  std::error_code error;
  std::vector<Item> items;
  if (!fs::is_directory(folder_, error)) return items;
  const std::vector<Entry> entries = Entries();
  for (const KindNames& names : kKinds) {
    const std::string target = names.has_link ? LinkTarget(folder_ / names.name) : std::string();
    for (const Entry& entry : entries) {
      if (entry.kind != names.kind) continue;
      if (entry.name == target) items.push_back({names.name, entry.step, entry.name});
      if (!names.has_link) items.push_back({std::to_string(entry.step), entry.step, entry.name});
    }
  }
  return items;
}

std::string CheckpointStore::Describe() const {
  std::string text;
  for (const Item& item : List()) {
    const std::string step = std::to_string(item.step);
    text += (text.empty() ? "" : ", ") + item.name;
    if (item.name != step) text += " (step " + step + ")";
  }
  return text.empty() ? "none" : text;
}

}  // namespace nabla::agent
