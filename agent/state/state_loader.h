// StateLoader: reads one checkpoint folder back (the format stands in state_saver.h).
//
// Opening checks state.json and holds all files open, so that a checkpoint that is superseded and
// deleted meanwhile stays readable. A tensor file is checked against its checksum when the first of
// its tensors is asked for: reading a policy does not read the replay buffer.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>

#include "agent/state/state_archive.h"

namespace nabla::agent {

// A component's State(archive), wrapped to be called.
using StateFunction = std::function<void(StateArchive&)>;

class StateLoader : public StateBackend {
 public:
  // Throws InputError, in one line that names the file, if the checkpoint is damaged or foreign,
  // and IoError if it cannot be read.
  explicit StateLoader(std::filesystem::path folder);
  ~StateLoader() override;
  StateLoader(const StateLoader&) = delete;
  StateLoader& operator=(const StateLoader&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::int64_t step() const;
  const nlohmann::json& metadata() const;

  // True if it holds the networks alone: enough to evaluate, not to resume.
  bool is_policy() const;

  // Restores all of `state`; throws InputError if the checkpoint holds something it did not name.
  void Restore(const StateFunction& state);

  // Restores whatever is asked for, e.g. the actor alone.
  StateArchive archive() { return StateArchive(*this); }

  // Hexadecimal fingerprint of everything that the same seed repeats (wall_clock is left out).
  std::string Digest() const;

  bool restoring() const override { return true; }
  void Tensor(const std::string& name, TensorFile file, const TensorSlot& slot) override;
  void Scalar(const std::string& name, Section section, const ScalarSlot& slot) override;

 private:
  void CheckDocument() const;
  void OpenFiles();
  SafetensorsFile& Verified(TensorFile file, const std::string& tensor_name);

  std::filesystem::path folder_;
  std::unique_ptr<nlohmann::json> document_;
  std::array<std::optional<InputFile>, kTensorFiles> files_;
  std::array<std::optional<SafetensorsFile>, kTensorFiles> verified_;
  std::set<std::string> asked_;  // names restored so far
};

}  // namespace nabla::agent
