// CSV files of a run (progress.csv, monitor.csv): writers that survive a kill, and one reader.
//
// Each row is one write(2) of a whole line. A row that fails (full disk) is removed again. The
// checkpoint stores the length of the file; Resume truncates the file to it, so that the rows after
// the checkpoint go.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/state/file_io.h"

namespace nabla::agent {

// The shortest text that reads back as the same double: "0.1", "20000", "1e-05", "nan", "-inf".
std::string ShortestText(double value);

// Rows of numbers under fixed column names (progress.csv).
class CsvWriter {
 public:
  // Throws IoError, also if the file exists.
  static CsvWriter Create(const std::filesystem::path& path, std::vector<std::string> columns);

  // Truncates an existing file to `offset` bytes. Throws InputError if the file is missing, is
  // shorter, has other columns, or if no line ends at `offset`.
  static CsvWriter Resume(const std::filesystem::path& path, std::vector<std::string> columns,
                          std::uint64_t offset);

  // One value per column, NaN for a missing value.
  void Row(std::span<const double> values);

  // Flushes to the disk and returns the length of the file, for the checkpoint.
  std::uint64_t Flush() const;

 private:
  CsvWriter(AppendFile file, std::vector<std::string> columns);

  AppendFile file_;
  std::vector<std::string> columns_;
};

// One row per training episode, in the format of Stable-Baselines3's Monitor:
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
  // As CsvWriter::Resume.
  static MonitorWriter Resume(const std::filesystem::path& path, std::uint64_t offset);

  // `seconds`: training time since the start of the run. After a resume it continues from the value
  // of the checkpoint.
  void Row(double episode_return, std::int64_t length, double seconds);

  // Flushes to the disk and returns the length of the file, for the checkpoint.
  std::uint64_t Flush() const;

 private:
  explicit MonitorWriter(AppendFile file);

  AppendFile file_;
};

// Reads a CSV file of numbers row by row, from a copy of the file's content at construction. Lines
// that begin with '#' are skipped; the first other line names the columns.
class CsvReader {
 public:
  enum class Mode {
    kStrict,   // a row that is incomplete, or has more or fewer cells than columns, is an error
    kLenient,  // for a file that is being written: an incomplete last line is ignored
  };

  // Throws IoError, and in strict mode InputError if there are no columns.
  CsvReader(const std::filesystem::path& path, Mode mode);
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  const std::vector<std::string>& columns() const { return columns_; }
  // The index of a column, if there is one.
  std::optional<std::size_t> Find(std::string_view column) const;
  // The same; throws InputError if there is none.
  std::size_t Column(std::string_view column) const;

  // Moves to the next row, at first to the first one. False at the end.
  bool Next();

  // A cell of the row; NaN if it is missing or not a number.
  double Number(std::size_t column) const;
  // The same; throws InputError unless it is a finite number.
  double Finite(std::size_t column) const;

  // Throws an InputError that names the file and the line: "progress.csv:3: this row <what>".
  [[noreturn]] void Fail(std::string_view what) const;

 private:
  // Splits the next line that is not a comment into `cells_`.
  bool NextLine();
  std::string_view Cell(std::size_t column) const;  // "" if it is missing

  std::filesystem::path path_;
  Mode mode_;
  std::string text_;
  std::size_t next_ = 0;  // of the next line in text_
  int line_ = 0;
  std::vector<std::string> columns_;
  std::vector<std::string_view> cells_;  // in text_
};

}  // namespace nabla::agent
