#include "agent/state/state_saver.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "agent/state/state_json.h"

namespace nabla::agent {

using Json = nlohmann::json;

std::string ChecksumOf(const Json& document) {
  Json bare = document;
  bare.erase("xxh64");
  Checksum checksum;
  checksum.Add(BytesOf(bare.dump()));
  return ToHex(checksum.Value());
}

StateSaver::StateSaver(bool policy_only)
    : policy_only_(policy_only),
      sections_(
          std::make_unique<Json>(Json{{"state", Json::object()}, {"wall_clock", Json::object()}})) {
}

StateSaver::~StateSaver() = default;

void StateSaver::Tensor(const std::string& name, TensorFile file, const TensorSlot& slot) {
  if (policy_only_ && file != TensorFile::kNetworks) return;
  const TensorType type = slot.Type();
  std::span<const std::byte> data(slot.data, type.Bytes());
  if (!slot.IsPlain()) {
    packed_.push_back(std::make_unique<std::byte[]>(type.Bytes()));
    const std::span<std::byte> packed(packed_.back().get(), type.Bytes());
    slot.Pack(packed);
    data = packed;
  }
  tensors_[static_cast<int>(file)].push_back({name, type, data});
}

void StateSaver::Scalar(const std::string& name, Section section, const ScalarSlot& slot) {
  Json& values = (*sections_)[section == Section::kState ? "state" : "wall_clock"];
  if (!values.emplace(name, ToJson(slot)).second) {
    throw std::logic_error("state " + name + " is named twice");
  }
}

void StateSaver::WriteTo(const std::filesystem::path& folder, const std::string& kind,
                         std::int64_t step, const Json& metadata) const {
  Json document = *sections_;
  document["format"] = kCheckpointFormat;
  document["format_version"] = kCheckpointVersion;
  document["kind"] = kind;
  document["step"] = step;
  document["metadata"] = metadata;
  document["files"] = Json::object();
  const TextMap tensor_metadata = {{"format", "nabla"}, {"step", std::to_string(step)}};
  for (int i = 0; i < kTensorFiles; ++i) {
    if (tensors_[i].empty()) continue;
    const std::string name = FileName(static_cast<TensorFile>(i));
    const FileRecord record = WriteSafetensors(folder / name, tensors_[i], tensor_metadata);
    document["files"][name] = {{"bytes", record.bytes}, {"xxh64", ToHex(record.checksum)}};
  }
  document["xxh64"] = ChecksumOf(document);
  OutputFile file(folder / kStateFile);
  file.Write(BytesOf(document.dump(2) + "\n"));
  file.Commit();
}

}  // namespace nabla::agent
