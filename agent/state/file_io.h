// Atomic file replacement and other file operations; every error names the path.
//
//   new content -> temporary file in the same folder -> fsync -> rename over the old -> fsync
//   folder
//
// A process that is killed at any instant leaves the old content or the new one. A failed write
// (full disk, no permission) leaves the old one. Temporary names start with kTemporaryPrefix.
// System calls that a signal interrupts (EINTR) are repeated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "agent/state/checksum.h"

namespace nabla::agent {

// A system call failed: "cannot <action> <path>: <reason>" in one line.
class IoError : public std::runtime_error {
 public:
  IoError(std::string_view action, const std::filesystem::path& path, int error_number);
};

// A file, a folder or a name that the user passed in is invalid. One line.
class InputError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

// `text` for a line of a message: control characters, which could move the cursor of a terminal or
// begin another line, as \n or \x1b.
std::string OneLine(std::string_view text);

inline constexpr std::string_view kTemporaryPrefix = ".tmp_";

// The temporary name for `path`, in the same folder. It is fixed, so that leftovers of a killed
// process are overwritten and do not accumulate.
std::filesystem::path TemporaryFor(const std::filesystem::path& path);

std::span<const std::byte> BytesOf(std::string_view text);

// An open file, closed by the destructor. The functions throw an IoError that names its path.
class FileDescriptor {
 public:
  // open(2) of a regular file, or of a folder with O_DIRECTORY. Everything that the program opens
  // is opened here. For writing, a symbolic link is not followed, so that no file outside the
  // folder is written. Throws IoError("<action>", ...), and InputError if it is another kind of
  // file (a link, a FIFO, a device).
  FileDescriptor(std::filesystem::path path, int flags, std::string_view action);
  // Owns an open descriptor without a path; −1: none.
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept;
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  int get() const { return fd_; }
  const std::filesystem::path& path() const { return path_; }

  // Writes all of `bytes` at the current position.
  void Write(std::span<const std::byte> bytes) const;
  void Truncate(std::uint64_t size) const;
  void Sync() const;  // flushes to the disk
  // Takes the exclusive flock(2) of the file, which ends with the descriptor or the process.
  // TryLock returns false if another process holds it, Lock waits for that process.
  bool TryLock() const;
  void Lock() const;
  // The size of a regular file; nothing if it is something else.
  std::optional<std::uint64_t> RegularSize() const;
  // Closes the file now. Returns the errno of close(2), 0 on success.
  int Close();

 private:
  std::filesystem::path path_;
  int fd_ = -1;
};

// A pipe(2) with O_CLOEXEC, both ends owned. Throws std::system_error.
struct Pipe {
  Pipe();

  FileDescriptor read_end, write_end;
};

// Waits for the end of a child process, whatever signals arrive. Returns the status of waitpid(2).
int WaitForProcess(int process);

// Length and checksum of a file's content.
struct FileRecord {
  std::uint64_t bytes = 0;
  std::uint64_t checksum = 0;  // XXH64
  bool operator==(const FileRecord&) const = default;
};

// A file that grows by whole records, each one write(2): readers never see half of a record that
// was written successfully. A record that fails (full disk) is removed again.
class AppendFile {
 public:
  // A new file. Throws IoError, also if the file exists.
  static AppendFile Create(const std::filesystem::path& path);
  // An existing file, of which Truncate keeps the first `size` bytes. Throws IoError.
  static AppendFile Open(const std::filesystem::path& path, std::uint64_t size);

  // Appends to what the file holds, and creates it if there is none. Throws IoError.
  static AppendFile Extend(const std::filesystem::path& path);

  void Truncate() const { file_.Truncate(size_); }

  // Throws IoError; the file is as before then.
  void Append(std::string_view record);
  // Flushes to the disk. A file that was deleted meanwhile is written again. Throws IoError, and
  // InputError if another file has its name.
  void Flush();

  std::uint64_t size() const { return size_; }  // bytes

 private:
  AppendFile(const std::filesystem::path& path, int flags, std::string_view action);

  FileDescriptor file_;
  std::uint64_t size_ = 0;
};

// A file written from the beginning to the end; not atomic by itself.
class OutputFile {
 public:
  explicit OutputFile(const std::filesystem::path& path);  // replaces what has this name
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void Write(std::span<const std::byte> bytes);

  // Flushes to the disk and closes. Unless it is called, the destructor deletes the file.
  FileRecord Commit();

 private:
  FileDescriptor file_;
  Checksum checksum_;
  std::uint64_t bytes_ = 0;
  bool committed_ = false;
};

// A file opened for reading at any position. It stays readable after its name is deleted.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return file_.path(); }
  std::uint64_t size() const { return size_; }

  // Fills `out` from byte `offset` on. Throws InputError if the file is too short.
  void Read(std::uint64_t offset, std::span<std::byte> out) const;

  // Reads the whole file.
  FileRecord Measure() const;

 private:
  FileDescriptor file_;
  std::uint64_t size_ = 0;
};

// Throws InputError if the file is larger than 2 GiB.
std::string ReadFile(const std::filesystem::path& path);
void WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

// Makes `link` a symbolic link to `target` (stored as given), replacing an old link atomically.
// Throws IoError, and InputError if `link` is something else, which is not replaced.
void ReplaceSymlink(const std::filesystem::path& target, const std::filesystem::path& link);

// mkdir -p.
void CreateFolders(const std::filesystem::path& folder);

void SyncFolder(const std::filesystem::path& folder);
void Rename(const std::filesystem::path& from, const std::filesystem::path& to);

// Deletes a folder with its content. The folder is renamed first, so that an interrupted deletion
// leaves nothing under the old name.
void RemoveFolder(const std::filesystem::path& folder);

// The names in a folder, sorted.
std::vector<std::string> ListFolder(const std::filesystem::path& folder);

}  // namespace nabla::agent
