#include "tests/apps/program.h"

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>

#include "agent/run/checkpoint.h"

namespace nabla::test {
namespace fs = std::filesystem;
namespace {

fs::path FastFolder() {
  const fs::path memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK | X_OK) == 0 ? memory : fs::temp_directory_path();
}

std::string Join(const std::vector<std::string>& fields) {
  std::string text;
  for (const std::string& field : fields) text += field + ",";
  return text;
}

}  // namespace

Workplace::Workplace(const std::string& task) : folder_(FastFolder()) {
  Write(folder_ / "task.yaml", task);
}

std::unique_ptr<Process> Workplace::Start(const std::string& line, ProcessOptions options) const {
  std::vector<std::string> arguments = Words(line);
  arguments.insert(arguments.begin(), NABLA_PROGRAM);
  if (options.folder.empty()) options.folder = folder_.path();
  return std::make_unique<Process>(NABLA_PROGRAM, arguments, options);
}

ProcessResult Workplace::operator()(const std::string& line, ProcessOptions options) const {
  return Run(Words(line), std::move(options));
}

ProcessResult Workplace::Run(std::vector<std::string> words, ProcessOptions options) const {
  words.insert(words.begin(), NABLA_PROGRAM);
  if (options.folder.empty()) options.folder = folder_.path();
  return test::Run(NABLA_PROGRAM, words, options);
}

ProcessResult Workplace::Succeed(const std::string& line) const {
  ProcessResult result = (*this)(line);
  if (result.exit_code != 0) throw std::runtime_error("nabla " + line + ": " + result.err);
  return result;
}

std::vector<std::string> Words(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> Lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

void Write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

nlohmann::json ReadJson(const fs::path& path) { return nlohmann::json::parse(Read(path)); }

std::vector<std::vector<std::string>> ReadCsv(const fs::path& path) {
  std::vector<std::vector<std::string>> rows;
  for (const std::string& line : Lines(Read(path))) {
    if (line.starts_with('#')) continue;
    std::istringstream stream(line);
    rows.emplace_back();
    for (std::string field; std::getline(stream, field, ',');) rows.back().push_back(field);
  }
  return rows;
}

std::string Fingerprint(const fs::path& run) {
  const agent::RunPaths paths = agent::FindRun(run);
  const agent::CheckpointStore store(paths.checkpoint(), agent::CheckpointStore::Access::kRead);
  std::string text = store.Describe() + "\n";
  text += store.Open("latest").Digest() + "\n";
  // There is no best checkpoint before the first scheduled evaluation.
  if (text.find("best") != std::string::npos) text += store.Open("best").Digest() + "\n";
  for (const fs::path& file : {paths.progress(), paths.monitor()}) {
    auto rows = ReadCsv(file);
    const std::vector<std::string> header = rows.at(0);
    for (std::vector<std::string>& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (header.at(i) == "seconds" || header[i] == "t") row[i].clear();
      }
      text += Join(row) + "\n";
    }
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> Snapshot(const fs::path& folder) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    std::string content;
    if (entry.is_symlink()) {
      content = fs::read_symlink(entry).string();
    } else if (entry.is_regular_file() && entry.path().filename() != ".lock") {
      content = Read(entry);
    }
    files.emplace_back(entry.path().string(), content);
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool IsFailure(const ProcessResult& result, int exit_code, const std::vector<std::string>& parts) {
  const std::vector<std::string> lines = Lines(result.err);
  return result.exit_code == exit_code && lines.size() == 1 && lines[0].starts_with("nabla: ") &&
         std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
           return lines[0].find(part) != std::string::npos;
         });
}

bool IsRefusal(const ProcessResult& result, const std::vector<std::string>& parts) {
  return result.out.empty() && IsFailure(result, 2, parts);
}

}  // namespace nabla::test
