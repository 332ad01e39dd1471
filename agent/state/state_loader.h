// StateLoader: reads a checkpoint folder (state_saver.h describes the format).
//
// The constructor checks state.json and opens all files, so that the checkpoint stays readable if a
// newer one replaces it. The checksum of a tensor file is checked when its first tensor is read, so
// that reading a policy does not read the replay buffer.
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

// Calls Serialize(archive) of the components to save or restore.
using StateFunction = std::function<void(StateArchive&)>;

class StateLoader : public StateBackend {
 public:
  // Throws InputError, one line that names the file, if the checkpoint is damaged or has another
  // format, and IoError if it cannot be read.
  explicit StateLoader(std::filesystem::path folder);
  ~StateLoader() override;
  StateLoader(const StateLoader&) = delete;
  StateLoader& operator=(const StateLoader&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::int64_t step() const;
  const nlohmann::json& metadata() const;

  // True if it contains only the networks: enough to evaluate, not to resume.
  bool is_policy() const;

  // Restores all of `state`. Throws InputError if the checkpoint contains a value that `state` does
  // not name.
  void Restore(const StateFunction& state);

  // For restoring a part, such as the actor.
  StateArchive archive() { return StateArchive(*this); }

  // Hexadecimal fingerprint of everything that is equal for equal seeds (without wall_clock).
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
  std::set<std::string> asked_;  // the names restored so far
};

}  // namespace nabla::agent
