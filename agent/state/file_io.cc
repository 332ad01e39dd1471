#include "agent/state/file_io.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace nabla::agent {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18;  // bytes: hashed and written while in cache

// Repeats a system call that a signal interrupted.
template <class Call>
auto Retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace

IoError::IoError(std::string_view action, const fs::path& path, int error_number)
    : std::runtime_error("cannot " + std::string(action) + " " + path.string() + ": " +
                         std::generic_category().message(error_number)) {}

fs::path TemporaryFor(const fs::path& path) {
  return path.parent_path() / (std::string(kTemporaryPrefix) + path.filename().string());
}

std::span<const std::byte> BytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

FileDescriptor::FileDescriptor(const fs::path& path, int flags, std::string_view action)
    : fd_(Retry([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0666); })) {
  if (fd_ < 0) throw IoError(action, path, errno);
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

FileDescriptor::~FileDescriptor() { Close(); }

int FileDescriptor::Close() {
  // Not retried: Linux frees the descriptor even when close(2) reports EINTR.
  const int fd = std::exchange(fd_, -1);
  return fd >= 0 && ::close(fd) < 0 && errno != EINTR ? errno : 0;
}

Pipe::Pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  }
  read_end = FileDescriptor(ends[0]);
  write_end = FileDescriptor(ends[1]);
}

int WaitForProcess(int process) {
  int status = 0;
  Retry([&] { return ::waitpid(process, &status, 0); });
  return status;
}

void WriteAll(const FileDescriptor& file, std::span<const std::byte> bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const auto n = Retry([&] { return ::write(file.get(), bytes.data(), bytes.size()); });
    if (n < 0) throw IoError("write", path, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void Truncate(const FileDescriptor& file, std::uint64_t size, const fs::path& path) {
  const auto length = static_cast<off_t>(size);
  if (Retry([&] { return ::ftruncate(file.get(), length); }) < 0) {
    throw IoError("truncate", path, errno);
  }
}

void Sync(const FileDescriptor& file, const fs::path& path) {
  if (Retry([&] { return ::fsync(file.get()); }) < 0) throw IoError("flush", path, errno);
}

bool TryLock(const FileDescriptor& file, const fs::path& path) {
  if (Retry([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) == 0) return true;
  if (errno != EWOULDBLOCK) throw IoError("lock", path, errno);
  return false;
}

void Lock(const FileDescriptor& file, const fs::path& path) {
  if (Retry([&] { return ::flock(file.get(), LOCK_EX); }) < 0) throw IoError("lock", path, errno);
}

AppendFile::AppendFile(fs::path path, int flags, std::string_view action)
    : path_(std::move(path)), file_(path_, flags | O_WRONLY | O_APPEND, action) {}

AppendFile AppendFile::Create(const fs::path& path) { return {path, O_CREAT | O_EXCL, "create"}; }

AppendFile AppendFile::Open(const fs::path& path, std::uint64_t size) {
  AppendFile file(path, 0, "open");
  Truncate(file.file_, size, path);
  file.size_ = size;
  return file;
}

void AppendFile::Append(std::string_view record) {
  try {
    WriteAll(file_, BytesOf(record), path_);
  } catch (const IoError&) {
    try {
      Truncate(file_, size_, path_);
    } catch (const IoError&) {
      // Shrinking needs no space. If it still fails, report only the first error.
    }
    throw;
  }
  size_ += record.size();
}

OutputFile::OutputFile(fs::path path)
    : path_(std::move(path)), file_(path_, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, "create") {}

OutputFile::~OutputFile() {
  if (!committed_) ::unlink(path_.c_str());
}

void OutputFile::Write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto chunk = bytes.first(std::min(bytes.size(), kChunk));
    checksum_.Add(chunk);
    WriteAll(file_, chunk, path_);
    bytes_ += chunk.size();
    bytes = bytes.subspan(chunk.size());
  }
}

FileRecord OutputFile::Commit() {
  Sync(file_, path_);
  if (const int error = file_.Close(); error != 0) throw IoError("write", path_, error);
  committed_ = true;
  return {bytes_, checksum_.Value()};
}

InputFile::InputFile(fs::path path) : path_(std::move(path)), file_(path_, O_RDONLY, "open") {
  struct stat status {};
  if (::fstat(file_.get(), &status) < 0) throw IoError("read", path_, errno);
  if (!S_ISREG(status.st_mode)) throw InputError(path_.string() + " is not a regular file");
  size_ = static_cast<std::uint64_t>(status.st_size);
}

void InputFile::Read(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const auto n = Retry(
        [&] { return ::pread(file_.get(), out.data(), out.size(), static_cast<off_t>(offset)); });
    if (n < 0) throw IoError("read", path_, errno);
    if (n == 0) throw InputError(path_.string() + " is truncated");
    out = out.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
}

FileRecord InputFile::Measure() const {
  std::vector<std::byte> buffer(kChunk);
  Checksum checksum;
  for (std::uint64_t at = 0; at < size_;) {
    const auto piece = std::span(buffer).first(
        static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, size_ - at)));
    Read(at, piece);
    checksum.Add(piece);
    at += piece.size();
  }
  return {size_, checksum.Value()};
}

std::string ReadFile(const fs::path& path) {
  const InputFile file(path);
  std::string content(file.size(), '\0');
  file.Read(0, std::as_writable_bytes(std::span(content.data(), content.size())));
  return content;
}

void WriteFileAtomically(const fs::path& path, std::string_view content) {
  const fs::path temporary = TemporaryFor(path);
  OutputFile file(temporary);
  file.Write(BytesOf(content));
  file.Commit();
  Rename(temporary, path);
  SyncFolder(path.parent_path());
}

void ReplaceSymlink(const fs::path& target, const fs::path& link) {
  // A unique temporary name, since every process that starts a run replaces runs/latest.
  static std::atomic<int> count = 0;
  const fs::path temporary = TemporaryFor(link).string() + "_" + std::to_string(::getpid()) + "_" +
                             std::to_string(++count);
  if (::symlink(target.c_str(), temporary.c_str()) < 0) throw IoError("create", temporary, errno);
  Rename(temporary, link);
  SyncFolder(link.parent_path());
}

void CreateFolders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw IoError("create", folder, error.value());
}

void SyncFolder(const fs::path& folder) {
  const fs::path path = folder.empty() ? fs::path(".") : folder;
  Sync(FileDescriptor(path, O_RDONLY | O_DIRECTORY, "open"), path);
}

void Rename(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) < 0) {
    const int error = errno;
    ::unlink(from.c_str());  // deletes a temporary file or link; the caller deletes a folder
    throw IoError("write", to, error);
  }
}

void RemoveFolder(const fs::path& folder) {
  fs::path condemned = folder;
  if (!folder.filename().string().starts_with(kTemporaryPrefix)) {
    condemned = TemporaryFor(folder);
    RemoveFolder(condemned);
    if (::rename(folder.c_str(), condemned.c_str()) < 0) throw IoError("delete", folder, errno);
  }
  std::error_code error;
  fs::remove_all(condemned, error);
  if (error) throw IoError("delete", condemned, error.value());
}

std::vector<std::string> ListFolder(const fs::path& folder) {
  std::error_code error;
  std::vector<std::string> names;
  fs::directory_iterator entry(folder, error);
  while (!error && entry != fs::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(error);
  }
  if (error) throw IoError("list", folder, error.value());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace nabla::agent
