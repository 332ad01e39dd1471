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
#include <cstdio>
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

std::string OneLine(std::string_view text) {
  std::string line;
  unsigned char before = 0, after = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    after = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    // C2 80 to C2 9F are control characters in UTF-8: terminals read them as ESC and a letter.
    const bool is_c1 =
        (c == 0xc2 && after >= 0x80 && after < 0xa0) || (before == 0xc2 && c >= 0x80 && c < 0xa0);
    if (c == '\n') {
      line += "\\n";
    } else if (c < ' ' || c == 0x7f || is_c1) {
      std::array<char, 5> escape{};
      std::snprintf(escape.data(), escape.size(), "\\x%02x", c);
      line += escape.data();
    } else {
      line += text[i];
    }
    before = c;
  }
  return line;
}

fs::path TemporaryFor(const fs::path& path) {
  return path.parent_path() / (std::string(kTemporaryPrefix) + path.filename().string());
}

std::span<const std::byte> BytesOf(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

FileDescriptor::FileDescriptor(fs::path path, int flags, std::string_view action)
    : path_(std::move(path)) {
  const bool is_folder = (flags & O_DIRECTORY) != 0;
  // Without O_NONBLOCK, opening a FIFO waits for its other end.
  const int safe = O_CLOEXEC | O_NONBLOCK | ((flags & O_ACCMODE) == O_RDONLY ? 0 : O_NOFOLLOW);
  fd_ = Retry([&] { return ::open(path_.c_str(), flags | safe, 0666); });
  const int error = fd_ < 0 ? errno : 0;
  if (error == ELOOP || error == ENXIO || (error == 0 && !is_folder && !RegularSize())) {
    Close();
    throw InputError(path_.string() + " is not a regular file (links are not followed)");
  }
  if (error != 0) throw IoError(action, path_, error);
}

FileDescriptor::FileDescriptor(FileDescriptor&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    Close();
    path_ = std::move(other.path_);
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

void FileDescriptor::Write(std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const auto n = Retry([&] { return ::write(fd_, bytes.data(), bytes.size()); });
    if (n < 0) throw IoError("write", path_, errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void FileDescriptor::Truncate(std::uint64_t size) const {
  const auto length = static_cast<off_t>(size);
  if (Retry([&] { return ::ftruncate(fd_, length); }) < 0) throw IoError("truncate", path_, errno);
}

void FileDescriptor::Sync() const {
  if (Retry([&] { return ::fsync(fd_); }) < 0) throw IoError("flush", path_, errno);
}

bool FileDescriptor::TryLock() const {
  if (Retry([&] { return ::flock(fd_, LOCK_EX | LOCK_NB); }) == 0) return true;
  if (errno != EWOULDBLOCK) throw IoError("lock", path_, errno);
  return false;
}

void FileDescriptor::Lock() const {
  if (Retry([&] { return ::flock(fd_, LOCK_EX); }) < 0) throw IoError("lock", path_, errno);
}

std::optional<std::uint64_t> FileDescriptor::RegularSize() const {
  struct stat status {};
  if (::fstat(fd_, &status) < 0) throw IoError("read", path_, errno);
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size);
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

AppendFile::AppendFile(const fs::path& path, int flags, std::string_view action)
    : file_(path, flags | O_WRONLY | O_APPEND, action) {}

AppendFile AppendFile::Create(const fs::path& path) { return {path, O_CREAT | O_EXCL, "create"}; }

AppendFile AppendFile::Open(const fs::path& path, std::uint64_t size) {
  AppendFile file(path, 0, "open");
  file.size_ = size;
  return file;
}

AppendFile AppendFile::Extend(const fs::path& path) {
  AppendFile file(path, O_CREAT, "open");
  file.size_ = *file.file_.RegularSize();
  return file;
}

void AppendFile::Append(std::string_view record) {
  try {
    file_.Write(BytesOf(record));
  } catch (const IoError&) {
    try {
      Truncate();
    } catch (const IoError&) {
      // Shrinking needs no space. If it still fails, report only the first error.
    }
    throw;
  }
  size_ += record.size();
}

void AppendFile::Flush() {
  file_.Sync();
  struct stat own {
  }, named{};
  const fs::path& path = file_.path();
  if (::fstat(file_.get(), &own) < 0) throw IoError("read", path, errno);
  if (::lstat(path.c_str(), &named) < 0) {
    if (errno != ENOENT) throw IoError("read", path, errno);
    WriteFileAtomically(path, ReadFile("/proc/self/fd/" + std::to_string(file_.get())));
    file_ = FileDescriptor(path, O_WRONLY | O_APPEND, "open");
  } else if (own.st_dev != named.st_dev || own.st_ino != named.st_ino) {
    throw InputError(path.string() + " was replaced by another file while it was being written");
  }
}

OutputFile::OutputFile(const fs::path& path) {
  ::unlink(path.c_str());  // a leftover, or a link, which must not be followed
  file_ = FileDescriptor(path, O_WRONLY | O_CREAT | O_EXCL, "create");
}

OutputFile::~OutputFile() {
  if (!committed_) ::unlink(file_.path().c_str());
}

void OutputFile::Write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto chunk = bytes.first(std::min(bytes.size(), kChunk));
    checksum_.Add(chunk);
    file_.Write(chunk);
    bytes_ += chunk.size();
    bytes = bytes.subspan(chunk.size());
  }
}

FileRecord OutputFile::Commit() {
  file_.Sync();
  if (const int error = file_.Close(); error != 0) throw IoError("write", file_.path(), error);
  committed_ = true;
  return {bytes_, checksum_.Value()};
}

InputFile::InputFile(const fs::path& path) : file_(path, O_RDONLY, "open") {
  size_ = *file_.RegularSize();
}

void InputFile::Read(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const auto n = Retry(
        [&] { return ::pread(file_.get(), out.data(), out.size(), static_cast<off_t>(offset)); });
    if (n < 0) throw IoError("read", path(), errno);
    if (n == 0) throw InputError(path().string() + " is truncated");
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
  constexpr std::uint64_t kMost = std::uint64_t{2} << 30;
  const InputFile file(path);
  if (file.size() > kMost) throw InputError(path.string() + " is larger than 2 GiB");
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
  std::error_code ignored;
  const fs::file_status present = fs::symlink_status(link, ignored);
  if (fs::exists(present) && !fs::is_symlink(present)) {
    throw InputError("cannot update " + link.string() + ": it is not a symbolic link");
  }
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
  FileDescriptor(path, O_RDONLY | O_DIRECTORY, "open").Sync();
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
  do {
    fs::remove_all(condemned, error);
  } while (error == std::errc::interrupted);
  if (error) throw IoError("delete", condemned, error.value());
}

std::vector<std::string> ListFolder(const fs::path& folder) {
  std::error_code error;
  std::vector<std::string> names;
  fs::directory_iterator entry;
  do {
    entry = fs::directory_iterator(folder, error);
  } while (error == std::errc::interrupted);
  while (!error && entry != fs::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(error);
  }
  if (error) throw IoError("list", folder, error.value());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace nabla::agent
