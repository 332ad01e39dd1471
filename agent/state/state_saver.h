// StateSaver: collects the state of components and writes it into a folder as a checkpoint.
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

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "agent/state/state_archive.h"

namespace nabla::agent {

inline constexpr int kCheckpointVersion = 1;
inline constexpr const char* kCheckpointFormat = "nabla checkpoint";
inline constexpr const char* kStateFile = "state.json";

// Checksum of the content of state.json without its own "xxh64".
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
  std::vector<TensorView> tensors_[kTensorFiles];
  std::vector<std::unique_ptr<std::byte[]>> packed_;  // tensors that were copied
  std::unique_ptr<nlohmann::json> sections_;          // {"state": {}, "wall_clock": {}}
};

}  // namespace nabla::agent
