// Files that are whole or absent: writing, syncing, renaming, with every error named.
//
//   new content -> a temporary file beside the old one -> fsync -> rename over it -> fsync folder
//
// A process killed at any instant leaves the old content or the new one, and a failed write (full
// disk, no permission) leaves the old one. Names of temporaries start with kTemporaryPrefix.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "agent/state/checksum.h"

namespace nabla::agent {

// The system refused: "cannot <action> <path>: <reason>" in one line.
class IoError : public std::runtime_error {
 public:
  IoError(std::string_view action, const std::filesystem::path& path, int error_number);
};

// What the user handed in (a file, a folder, a name) is not what it should be. One line.
class InputError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

inline constexpr std::string_view kTemporaryPrefix = ".tmp_";

// The temporary name beside `path`: fixed, so that leftovers are overwritten, not piled up.
std::filesystem::path TemporaryFor(const std::filesystem::path& path);

std::span<const std::byte> BytesOf(std::string_view text);

// An owned file descriptor.
class FileDescriptor {
 public:
  // open(2) with O_CLOEXEC; throws IoError("<action>", ...).
  FileDescriptor(const std::filesystem::path& path, int flags, std::string_view action);
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  int get() const { return fd_; }
  // Closes early and returns errno of close(2), 0 for success.
  int Close();

 private:
  int fd_ = -1;
};

// Length and checksum of a file's content.
struct FileRecord {
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;  // XXH64
  bool operator==(const FileRecord&) const = default;
};

// Writes all of `bytes` at the descriptor's position; throws IoError.
void WriteAll(const FileDescriptor& file, std::span<const std::byte> bytes,
              const std::filesystem::path& path);

// A file written from the beginning to the end; not atomic by itself.
class OutputFile {
 public:
  explicit OutputFile(std::filesystem::path path);  // creates or truncates
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void Write(std::span<const std::byte> bytes);

  // Flushes to the disk and closes. Without it the file is deleted again by the destructor.
  FileRecord Commit();

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
  Checksum checksum_;
  std::uint64_t bytes_ = 0;
  bool committed_ = false;
};

// A file opened for reading at random positions. Stays readable when its name is deleted.
class InputFile {
 public:
  explicit InputFile(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }

  // Fills `out` from byte `offset`; throws InputError if the file ends before.
  void Read(std::uint64_t offset, std::span<std::byte> out) const;

  // Reads the whole file once.
  FileRecord Measure() const;

 private:
  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t size_ = 0;
};

std::string ReadFile(const std::filesystem::path& path);
void WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

// Points `link` at `target` (stored as given), replacing an old link in one step.
void ReplaceSymlink(const std::filesystem::path& target, const std::filesystem::path& link);

// mkdir -p.
void CreateFolders(const std::filesystem::path& folder);

void SyncFolder(const std::filesystem::path& folder);
void Rename(const std::filesystem::path& from, const std::filesystem::path& to);

// Deletes a folder with its content: renamed first, so that no half-deleted one keeps its name.
void RemoveFolder(const std::filesystem::path& folder);

// The names in a folder, sorted.
std::vector<std::string> ListFolder(const std::filesystem::path& folder);

}  // namespace nabla::agent
