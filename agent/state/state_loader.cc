#include "agent/state/state_loader.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "agent/state/state_json.h"
#include "agent/state/state_saver.h"

namespace nabla::agent {

using Json = nlohmann::json;

StateLoader::StateLoader(std::filesystem::path folder)
    : folder_(std::move(folder)),
      document_(std::make_unique<Json>(
          Json::parse(ReadFile(folder_ / kStateFile), nullptr, /*allow_exceptions=*/false))) {
  CheckDocument();
  OpenFiles();
}

StateLoader::~StateLoader() = default;

void StateLoader::CheckDocument() const {
  const Json& document = *document_;
  const std::string path = (folder_ / kStateFile).string();
  if (!document.is_object() || document.value("format", Json()) != kCheckpointFormat) {
    throw InputError(path + " is damaged or not the state of a nabla checkpoint");
  }
  if (document.value("format_version", Json()) != kCheckpointVersion) {
    throw InputError(path + " has format version " +
                     document.value("format_version", Json()).dump() + "; this program reads " +
                     std::to_string(kCheckpointVersion));
  }
  if (document.value("xxh64", Json()) != ChecksumOf(document)) {
    throw InputError(path + " is damaged: its checksum does not match its content");
  }
  bool complete = document.contains("metadata") && document.contains("kind") &&
                  document.value("step", Json()).is_number_integer();
  for (const char* key : {"state", "wall_clock", "files"}) {
    complete = complete && document.value(key, Json()).is_object();
  }
  if (!complete) throw InputError(path + " lacks parts of the state of a checkpoint");
}

void StateLoader::OpenFiles() {
  for (int i = 0; i < kTensorFiles; ++i) {
    const std::string name = FileName(static_cast<TensorFile>(i));
    if ((*document_)["files"].contains(name)) files_[i].emplace(folder_ / name);
  }
}

SafetensorsFile& StateLoader::Verified(TensorFile file, const std::string& tensor_name) {
  const auto i = static_cast<std::size_t>(file);
  if (verified_[i]) return *verified_[i];
  if (!files_[i]) {
    throw InputError(folder_.string() + " has no " + FileName(file) + " (needed for " +
                     tensor_name + ")" +
                     (is_policy() ? ": it is a policy to evaluate; resume from 'latest'" : ""));
  }
  const Json& record = (*document_)["files"][FileName(file)];
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
  for (int i = 0; i < kTensorFiles; ++i) {
    const auto file = static_cast<TensorFile>(i);
    if (!files_[i]) continue;
    for (const auto& [name, entry] : Verified(file, "it").entries()) {
      require_asked(FileName(file), name);
    }
  }
}

std::string StateLoader::Digest() const {
  Checksum digest;
  for (const char* section : {"step", "state", "files"}) {
    digest.Add(BytesOf((*document_)[section].dump()));
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
  const Json& values = (*document_)[section == Section::kState ? "state" : "wall_clock"];
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
