// CSV files of a run (progress.csv, monitor.csv): a writer that survives a kill, and a reader.
//
// Each row is one write(2) of a whole line. A row that fails (full disk) is removed again. The
// checkpoint stores the length of the file. A resume truncates the file to it.
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

// A file that grows by whole rows under fixed column names.
class CsvWriter {
 public:
  // Lines of `comment` stand before the column names. Throws IoError, also if the file exists.
  static CsvWriter Create(const std::filesystem::path& path, std::vector<std::string> columns,
                          const std::string& comment = "");

  // Opens a file to continue it at byte `offset`, and does not change it yet. Throws InputError if
  // the file is missing, is shorter, has other columns, or if no line ends at `offset`.
  static CsvWriter Resume(const std::filesystem::path& path, std::vector<std::string> columns,
                          std::uint64_t offset);

  // Removes the rows after the `offset` of Resume.
  void Truncate() { file_.Truncate(); }

  // One cell per column.
  void Row(const std::vector<std::string>& cells);
  void Row(std::span<const double> values);  // NaN for a missing value

  // Flushes to the disk and returns the length of the file, for the checkpoint. See AppendFile.
  std::uint64_t Flush();

 private:
  CsvWriter(AppendFile file, std::vector<std::string> columns);

  AppendFile file_;
  std::vector<std::string> columns_;
};

// monitor.csv has one row per training episode, in the format of Stable-Baselines3's Monitor:
//
//   #{"t_start": 1700000000.0, "env_id": "Pendulum-v1"}
//   r,l,t
//   -123.456789,200,1.234567
//
// r: return, l: steps, t: seconds of training since the start of the run; r and t rounded to 6
// digits.
inline const std::vector<std::string> kMonitorColumns = {"r", "l", "t"};

// `start`: seconds since 1970.
std::string MonitorComment(const std::string& environment, double start);
std::vector<std::string> MonitorRow(double episode_return, std::int64_t length, double seconds);

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
