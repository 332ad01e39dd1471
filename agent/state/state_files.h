// StateSaver and StateLoader: the state of components as a folder of files, a checkpoint.
//
//   networks.safetensors, optimizer.safetensors, replay.safetensors   (those that have tensors)
//   state.json   {"format": "nabla checkpoint", "format_version": 1, "kind": "latest",
//                 "step": 5000,
//                 "metadata": facts about the task (algorithm, environment, sizes)
//                 "state": {"<name>": value}          equal for equal seeds
//                 "wall_clock": {"<name>": value}     times, file offsets
//                 "files": {"<file>": {"bytes": n, "xxh64": "<hex>"}}
//                 "xxh64": checksum of this object without this line, in compact form}
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
#include <vector>

#include "agent/state/state_archive.h"

namespace nabla::agent {

// Calls Serialize(archive) of the components to save or restore.
using StateFunction = std::function<void(StateArchive&)>;

// The value of "xxh64" for the content of state.json.
std::string ChecksumOf(const nlohmann::json& document);

class StateSaver : public StateBackend {
 public:
  // A policy checkpoint contains only the tensors of the networks.
  explicit StateSaver(bool policy_only);
  ~StateSaver() override;

  bool restoring() const override { return false; }
  // Tensors with the layout of the file are not copied. They must exist until WriteTo.
  void Tensor(const std::string& name, TensorFile file, const TensorSlot& slot) override;
  void Scalar(const std::string& name, Section section, const ScalarSlot& slot) override;

  // Writes and flushes every file. `folder` must exist. Throws IoError.
  void WriteTo(const std::filesystem::path& folder, const std::string& kind, std::int64_t step,
               const nlohmann::json& metadata) const;

 private:
  bool policy_only_;
  std::array<std::vector<TensorView>, kTensorFiles.size()> tensors_;
  std::vector<std::unique_ptr<std::byte[]>> packed_;  // tensors that were copied
  std::unique_ptr<nlohmann::json> sections_;          // {"state": {}, "wall_clock": {}}
};

// Reads a checkpoint. The constructor checks state.json and opens all files, so that the checkpoint
// stays readable if a newer one replaces it. The checksum of a tensor file is checked when its
// first tensor is read, so that reading a policy does not read the replay buffer.
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
  std::array<std::optional<InputFile>, kTensorFiles.size()> files_;
  std::array<std::optional<SafetensorsFile>, kTensorFiles.size()> verified_;
  std::set<std::string> asked_;  // the names restored so far
};

}  // namespace nabla::agent
