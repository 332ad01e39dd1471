// CheckpointStore: the folder <run>/checkpoint, changed in single steps that survive kill -9.
//
//   step_<N>/  everything, to resume from      latest -> step_<N>   the newest, the older deleted
//   best_<N>/  the networks, to evaluate       best   -> best_<N>   the newest, the older deleted
//   kept_<N>/  the networks, to evaluate                            all stay
//
// Writing: everything into .tmp_step_<N>, each file and the folder flushed, renamed to step_<N>,
// the link moved, the superseded folder deleted. A step that exists already is written as
// step_<N>.2 (.3, ...) and takes its place in the same way.
//
// A run folder has one writer (RunFolder's lock). Readers need no lock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "agent/state/state_loader.h"

namespace nabla::agent {

enum class CheckpointKind { kLatest, kBest, kKept };

class CheckpointStore {
 public:
  enum class Access { kRead, kWrite };

  // kWrite creates the folder if need be and clears away what a killed writer left.
  CheckpointStore(std::filesystem::path folder, Access access);

  // Saves everything `state` names (kLatest) or its networks (kBest, kKept). `metadata` is a JSON
  // object. Throws IoError; the checkpoints that were there stay whole then.
  void Write(CheckpointKind kind, std::int64_t step, const StateFunction& state,
             const nlohmann::json& metadata);

  // `which` is "latest", "best" or a step. Throws InputError that lists what there is.
  StateLoader Open(std::string_view which) const;

  // What Open takes: "latest", "best" and the kept steps. `folder` is another one whenever the
  // checkpoint is.
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
  // The folder name that `which` stands for; empty if there is none.
  std::string Resolve(std::string_view which) const;
  // Deletes the folders of `kind` that `keep` replaces.
  void Prune(CheckpointKind kind, const std::string& keep) const;
  void Recover() const;

  std::filesystem::path folder_;
  Access access_;
};

}  // namespace nabla::agent
