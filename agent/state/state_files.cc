#include "agent/state/state_files.h"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "agent/state/state_json.h"

namespace nabla::agent {
namespace {

using Json = nlohmann::json;

constexpr int kFormatVersion = 1;
constexpr const char* kFormat = "nabla checkpoint";
constexpr const char* kStateFile = "state.json";

const char* NameOf(Section section) { return section == Section::kState ? "state" : "wall_clock"; }

}  // namespace

std::string ChecksumOf(const Json& document) {
  Json bare = document;
  bare.erase("xxh64");
  Checksum checksum;
  checksum.Add(BytesOf(JsonText(bare)));
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
  tensors_[static_cast<std::size_t>(file)].push_back({name, type, data});
}

void StateSaver::Scalar(const std::string& name, Section section, const ScalarSlot& slot) {
  Json& values = (*sections_)[NameOf(section)];
  if (!values.emplace(name, ToJson(slot)).second) {
    throw std::logic_error("state " + name + " is named twice");
  }
}

void StateSaver::WriteTo(const std::filesystem::path& folder, const std::string& kind,
                         std::int64_t step, const Json& metadata) const {
  Json document = *sections_;
  document["format"] = kFormat;
  document["format_version"] = kFormatVersion;
  document["kind"] = kind;
  document["step"] = step;
  document["metadata"] = metadata;
  document["files"] = Json::object();
  const TextMap tensor_metadata = {{"format", "nabla"}, {"step", std::to_string(step)}};
  for (std::size_t i = 0; i < kTensorFiles.size(); ++i) {
    if (tensors_[i].empty()) continue;
    const char* const name = kTensorFiles[i];
    const FileRecord record = WriteSafetensors(folder / name, tensors_[i], tensor_metadata);
    document["files"][name] = {{"bytes", record.bytes}, {"xxh64", ToHex(record.checksum)}};
  }
  document["xxh64"] = ChecksumOf(document);
  OutputFile file(folder / kStateFile);
  file.Write(BytesOf(document.dump(2) + "\n"));
  file.Commit();
}

StateLoader::StateLoader(std::filesystem::path folder)
    : folder_(std::move(folder)),
      document_(std::make_unique<Json>(ReadJson(folder_ / kStateFile))) {
  CheckDocument();
  OpenFiles();
}

StateLoader::~StateLoader() = default;

void StateLoader::CheckDocument() const {
  const Json& document = *document_;
  const std::string path = (folder_ / kStateFile).string();
  const auto value = [&](const char* key) { return document.value(key, Json()); };
  if (!document.is_object() || value("format") != kFormat) {
    throw InputError(path + " is damaged or not the state of a nabla checkpoint");
  }
  if (value("format_version") != kFormatVersion) {
    throw InputError(path + " has format version " + JsonText(value("format_version")) +
                     "; this program reads " + std::to_string(kFormatVersion));
  }
  if (value("xxh64") != ChecksumOf(document)) {
    throw InputError(path + " is damaged: its checksum does not match its content");
  }
  bool is_complete =
      value("step").is_number_unsigned() && value("step") <= kMaxCount && value("kind").is_string();
  for (const char* key : {"metadata", "state", "wall_clock", "files"}) {
    is_complete = is_complete && value(key).is_object();
  }
  if (!is_complete) throw InputError(path + " lacks parts of the state of a checkpoint");
  for (const auto& [name, record] : document["files"].items()) {
    if (!record.is_object() || !record.value("bytes", Json()).is_number_unsigned() ||
        !record.value("xxh64", Json()).is_string()) {
      throw InputError(path + " lacks the length or the checksum of " + name);
    }
  }
}

void StateLoader::OpenFiles() {
  for (std::size_t i = 0; i < kTensorFiles.size(); ++i) {
    const char* const name = kTensorFiles[i];
    if ((*document_)["files"].contains(name)) files_[i].emplace(folder_ / name);
  }
}

SafetensorsFile& StateLoader::Verified(TensorFile file, const std::string& tensor_name) {
  const auto i = static_cast<std::size_t>(file);
  if (verified_[i]) return *verified_[i];
  if (!files_[i]) {
    throw InputError(folder_.string() + " has no " + kTensorFiles[i] + " (needed for " +
                     tensor_name + ")" +
                     (is_policy() ? ": it is a policy to evaluate; resume from 'latest'" : ""));
  }
  const Json& record = (*document_)["files"][kTensorFiles[i]];
  const FileRecord found = files_[i]->Measure();
  if (record["bytes"] != found.bytes || record["xxh64"] != ToHex(found.checksum)) {
    throw InputError(files_[i]->path().string() + " is damaged: " + std::to_string(found.bytes) +
                     " bytes with checksum " + ToHex(found.checksum) + ", written were " +
                     record["bytes"].dump() + " with " + record["xxh64"].get<std::string>());
  }
  return verified_[i].emplace(std::move(*files_[i]));
}

std::int64_t StateLoader::step() const { return (*document_)["step"].get<std::int64_t>(); }

const Json& StateLoader::metadata() const { return (*document_)["metadata"]; }

bool StateLoader::is_policy() const { return (*document_)["kind"] != "latest"; }

void StateLoader::Restore(const StateFunction& state) {
  StateArchive all = archive();
  state(all);
  const auto require_asked = [&](const std::string& file, const std::string& name) {
    if (!asked_.contains(name)) {
      throw InputError((folder_ / file).string() + " holds " + name +
                       ", which this program does not know: it is from another configuration");
    }
  };
  for (const char* section : {"state", "wall_clock"}) {
    for (const auto& [name, value] : (*document_)[section].items()) require_asked(kStateFile, name);
  }
  for (std::size_t i = 0; i < kTensorFiles.size(); ++i) {
    if (!files_[i]) continue;
    for (const auto& [name, entry] : Verified(static_cast<TensorFile>(i), "it").entries()) {
      require_asked(kTensorFiles[i], name);
    }
  }
}

std::string StateLoader::Digest() const {
  Checksum digest;
  for (const char* section : {"step", "state", "files"}) {
    digest.Add(BytesOf(JsonText((*document_)[section])));
  }
  return ToHex(digest.Value());
}

void StateLoader::Tensor(const std::string& name, TensorFile file, const TensorSlot& slot) {
  const SafetensorsFile& source = Verified(file, name);
  asked_.insert(name);
  const TensorType type = slot.Type();
  if (slot.IsPlain()) {
    source.Read(name, type, {slot.data, type.Bytes()});
    return;
  }
  std::vector<std::byte> packed(type.Bytes());
  source.Read(name, type, packed);
  slot.Unpack(packed);
}

void StateLoader::Scalar(const std::string& name, Section section, const ScalarSlot& slot) {
  const Json& values = (*document_)[NameOf(section)];
  asked_.insert(name);
  const auto found = values.find(name);
  const std::string path = (folder_ / kStateFile).string();
  if (found == values.end()) throw InputError(path + " has no value " + name);
  try {
    FromJson(*found, slot);
  } catch (const InputError& error) {
    throw InputError(path + ": " + name + " " + error.what());
  }
}

}  // namespace nabla::agent
