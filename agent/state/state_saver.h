// StateSaver: collects a component's state and writes it into one folder as a checkpoint.
//
//   networks.safetensors, optimizer.safetensors, replay.safetensors   (those that have tensors)
//   state.json   {"format": "nabla checkpoint", "format_version": 1, "kind": "latest",
//                 "step": 5000,
//                 "metadata": what the program says of itself (algorithm, environment, sizes)
//                 "state": {"<name>": value}          same seed, same bits
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

// Checksum of a state.json's content without its own "xxh64".
std::string ChecksumOf(const nlohmann::json& document);

class StateSaver : public StateBackend {
 public:
  // A policy checkpoint keeps the networks' tensors only.
  explicit StateSaver(bool policy_only);
  ~StateSaver() override;

  bool restoring() const override { return false; }
  // Tensors that lie in memory as in the file are not copied: they must live until WriteTo.
  void Tensor(const std::string& name, TensorFile file, const TensorSlot& slot) override;
  void Scalar(const std::string& name, Section section, const ScalarSlot& slot) override;

  // Writes and flushes every file; `folder` exists. Throws IoError.
  void WriteTo(const std::filesystem::path& folder, const std::string& kind, std::int64_t step,
               const nlohmann::json& metadata) const;

 private:
  bool policy_only_;
  std::vector<TensorView> tensors_[kTensorFiles];
  std::vector<std::unique_ptr<std::byte[]>> packed_;  // what had to be copied
  std::unique_ptr<nlohmann::json> sections_;          // {"state": {}, "wall_clock": {}}
};

}  // namespace nabla::agent
