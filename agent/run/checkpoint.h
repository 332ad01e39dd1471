// CheckpointStore: the folder <run>/checkpoint. Every change is atomic and survives kill -9.
//
//   step_<N>/  everything, to resume from      latest -> step_<N>   the newest; older are deleted
//   best_<N>/  the networks, to evaluate       best   -> best_<N>   the newest; older are deleted
//   kept_<N>/  the networks, to evaluate                            all are kept
//
// Write creates .tmp_step_<N>, flushes each file and the folder, renames it to step_<N>, moves the
// link and deletes the old folder. If the step exists already, the new folder is step_<N>.2
// (.3, ...).
//
// A run folder has one writer (RunFolder's lock). Readers need no lock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "agent/state/state_files.h"

namespace nabla::agent {

enum class CheckpointKind { kLatest, kBest, kKept };

class CheckpointStore {
 public:
  enum class Access { kRead, kWrite };

  // kWrite creates the folder if necessary and deletes the leftovers of a killed writer.
  CheckpointStore(std::filesystem::path folder, Access access);

  // Saves everything that `state` names (kLatest) or only the networks (kBest, kKept). `metadata`
  // is a JSON object. Throws IoError; existing checkpoints are unchanged then.
  void Write(CheckpointKind kind, std::int64_t step, const StateFunction& state,
             const nlohmann::json& metadata);

  // `which` is "latest", "best" or a step.
  bool Has(std::string_view which) const;

  // Throws an InputError that lists the available
  // checkpoints.
  StateLoader Open(std::string_view which) const;

  // The checkpoints that Open accepts: "latest", "best" and the kept steps. Each new checkpoint has
  // another `folder`.
  struct Item {
    std::string name;
    std::int64_t step = 0;
    std::string folder;
  };
  std::vector<Item> List() const;

  // "latest (step 5000), best (step 4000), 1000, 2000", or "none".
  std::string Describe() const;

 private:
  struct Entry;

  std::vector<Entry> Entries() const;
  // The folder name of `which`; empty if there is none.
  std::string Resolve(std::string_view which) const;
  // Deletes the folders of `kind` that `keep` supersedes.
  void Prune(CheckpointKind kind, const std::string& keep) const;
  void Recover() const;

  std::filesystem::path folder_;
  Access access_;
};

}  // namespace nabla::agent
