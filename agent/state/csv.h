// CSV files of a run that survive a kill: each row is one write(2) of a whole line.
//
// After a resume, the rows that came after the checkpoint are cut: the checkpoint keeps offset(),
// Resume truncates to it. A row that could not be written whole (full disk) is taken back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/state/file_io.h"

namespace nabla::agent {

// The shortest text that reads back as the same double: "0.1", "20000", "1e-05", "nan", "-inf".
std::string ShortestText(double value);

// A text file that grows by whole lines.
class LineFile {
 public:
  // A new file whose first lines are `head`. Throws IoError, also if the file exists.
  static LineFile Create(const std::filesystem::path& path, std::string_view head);

  // An existing file, cut to `offset` bytes. Throws InputError if it is missing, shorter, or has no
  // line ending there.
  static LineFile Resume(const std::filesystem::path& path, std::uint64_t offset);

  // Adds `line` and a line ending. Throws IoError; the file is as before then.
  void Append(const std::string& line);

  // Flushes to the disk.
  void Sync() const;

  std::uint64_t offset() const { return offset_; }  // bytes so far
  const std::filesystem::path& path() const { return path_; }

 private:
  LineFile(std::filesystem::path path, int flags);

  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t offset_ = 0;
};

// Rows of numbers under fixed column names (progress.csv).
class CsvWriter {
 public:
  static CsvWriter Create(const std::filesystem::path& path, std::vector<std::string> columns);

  // As LineFile::Resume; throws InputError if the file has other columns.
  static CsvWriter Resume(const std::filesystem::path& path, std::vector<std::string> columns,
                          std::uint64_t offset);

  // One value a column; a value that does not exist is NaN.
  void Row(std::span<const double> values);

  // Flushes to the disk and returns the file's length, for the checkpoint.
  std::uint64_t Flush() const;

 private:
  CsvWriter(LineFile file, std::vector<std::string> columns);

  LineFile file_;
  std::vector<std::string> columns_;
};

// One row a training episode, in the format of Stable-Baselines3's Monitor:
//
//   #{"t_start": 1700000000.0, "env_id": "Pendulum-v1"}
//   r,l,t
//   -123.456789,200,1.234567
//
// r: return, l: steps, t: seconds since the start; r and t rounded to 6 digits.
class MonitorWriter {
 public:
  // `start`: seconds since 1970.
  static MonitorWriter Create(const std::filesystem::path& path, const std::string& environment,
                              double start);
  static MonitorWriter Resume(const std::filesystem::path& path, std::uint64_t offset);

  // `seconds`: of training since the start of the run; a resumed run goes on counting where its
  // checkpoint stopped.
  void Row(double episode_return, std::int64_t length, double seconds);

  // Flushes to the disk and returns the file's length, for the checkpoint.
  std::uint64_t Flush() const;

 private:
  explicit MonitorWriter(LineFile file);

  LineFile file_;
};

}  // namespace nabla::agent
