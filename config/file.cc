#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

#include "config/document.h"
#include "config/error.h"
#include "config/nearest.h"
#include "config/scalar.h"

namespace nabla::config {
namespace {

[[noreturn]] void ThrowCannotRead(const std::string& path, int error) {
  namespace fs = std::filesystem;
  std::string message = "cannot read " + Quoted(path, path.size()) + ": " + std::strerror(error);
  const fs::path wanted(path);
  const fs::path folder = wanted.parent_path();
  std::vector<std::string> files;
  std::error_code ignored;
  for (fs::directory_iterator it(folder.empty() ? "." : folder, ignored), end; it != end;
       it.increment(ignored)) {
    if (it->is_regular_file(ignored)) files.push_back(it->path().filename().string());
  }
  std::sort(files.begin(), files.end());
  const std::string nearest = Nearest(wanted.filename().string(), files);
  if (error == ENOENT && !nearest.empty()) {
    message += "; did you mean '" + (folder / nearest).string() + "'?";
  }
  throw Error(message);
}

}  // namespace

std::string ReadWholeFile(const std::string& path) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(nullptr, &std::fclose);
  do {
    file.reset(std::fopen(path.c_str(), "rb"));
  } while (file == nullptr && errno == EINTR);
  if (file == nullptr) ThrowCannotRead(path, errno);
  constexpr std::size_t kLargest = 64 * 1024 * 1024;  // stop at devices that never end
  std::string text;
  char block[4096];
  while (text.size() < kLargest) {
    const std::size_t count = std::fread(block, 1, sizeof(block), file.get());
    text.append(block, count);
    if (count > 0) continue;
    if (std::ferror(file.get()) == 0 || errno != EINTR) break;
    std::clearerr(file.get());  // a signal interrupted the call
  }
  if (std::ferror(file.get()) != 0) ThrowCannotRead(path, errno);
  return text;
}

}  // namespace nabla::config
