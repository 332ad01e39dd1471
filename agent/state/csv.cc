#include "agent/state/csv.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace nabla::agent {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxHead = 1 << 16;  // bytes
constexpr double kExactIntegers = 0x1p53;

std::string Join(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
  return text;
}

// round(value, 6) of Python, with a final ".0" for whole numbers.
std::string SixDigits(double value) {
  std::array<char, 400> fixed{};  // the largest double has 309 digits
  const auto end =
      std::to_chars(fixed.data(), fixed.data() + fixed.size(), value, std::chars_format::fixed, 6);
  double rounded = value;
  std::from_chars(fixed.data(), end.ptr, rounded);
  std::string text = ShortestText(rounded);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

// The column names of a file that has `offset` bytes or more and a line that ends there.
std::string ColumnsBefore(const fs::path& path, std::uint64_t offset) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    throw InputError(path.string() + " is missing: the run cannot be resumed without it");
  }
  const InputFile file(path);
  if (file.size() < offset) {
    throw InputError(path.string() + " has " + std::to_string(file.size()) + " bytes, but it had " +
                     std::to_string(offset) + " when its checkpoint was written");
  }
  char last = '\0';
  if (offset > 0) file.Read(offset - 1, std::as_writable_bytes(std::span(&last, 1)));
  if (last != '\n') {
    throw InputError(path.string() + " was changed after its checkpoint: no line ends at byte " +
                     std::to_string(offset));
  }
  std::string head(std::min(offset, kMaxHead), '\0');
  file.Read(0, std::as_writable_bytes(std::span(head.data(), head.size())));
  while (head.starts_with('#')) head.erase(0, std::min(head.find('\n'), head.size() - 1) + 1);
  return head.substr(0, head.find('\n'));
}

}  // namespace

std::string ShortestText(double value) {
  std::array<char, 32> text{};
  const bool is_integer = value == std::trunc(value) && std::abs(value) < kExactIntegers;
  const bool is_negative_zero = value == 0 && std::signbit(value);
  char* const end = text.data() + text.size();
  const auto result = is_integer && !is_negative_zero
                          ? std::to_chars(text.data(), end, static_cast<std::int64_t>(value))
                          : std::to_chars(text.data(), end, value);
  return std::string(text.data(), result.ptr);
}

CsvWriter::CsvWriter(AppendFile file, std::vector<std::string> columns)
    : file_(std::move(file)), columns_(std::move(columns)) {}

CsvWriter CsvWriter::Create(const fs::path& path, std::vector<std::string> columns,
                            const std::string& comment) {
  // The head appears together with the file: a resume never finds half of it.
  const std::string head = comment + Join(columns) + "\n";
  std::error_code error;
  if (fs::exists(fs::symlink_status(path, error))) throw IoError("create", path, EEXIST);
  WriteFileAtomically(path, head);
  return {AppendFile::Open(path, head.size()), std::move(columns)};
}

CsvWriter CsvWriter::Resume(const fs::path& path, std::vector<std::string> columns,
                            std::uint64_t offset) {
  const std::string found = ColumnsBefore(path, offset);
  if (found != Join(columns)) {
    throw InputError(path.string() + " has the columns '" + found + "', but this program writes '" +
                     Join(columns) + "'");
  }
  return {AppendFile::Open(path, offset), std::move(columns)};
}

void CsvWriter::Row(const std::vector<std::string>& cells) {
  if (cells.size() != columns_.size()) {
    throw std::logic_error("a row has " + std::to_string(cells.size()) + " values for " +
                           std::to_string(columns_.size()) + " columns");
  }
  file_.Append(Join(cells) + "\n");
}

void CsvWriter::Row(std::span<const double> values) {
  std::vector<std::string> cells;
  for (const double value : values) cells.push_back(ShortestText(value));
  Row(cells);
}

std::uint64_t CsvWriter::Flush() {
  file_.Flush();
  return file_.size();
}

std::string MonitorComment(const std::string& environment, double start) {
  return "#{\"t_start\": " + nlohmann::json(start).dump() +
         ", \"env_id\": " + nlohmann::json(environment).dump() + "}\n";
}

std::vector<std::string> MonitorRow(double episode_return, std::int64_t length, double seconds) {
  return {SixDigits(episode_return), std::to_string(length), SixDigits(seconds)};
}

CsvReader::CsvReader(const fs::path& path, Mode mode)
    : path_(path), mode_(mode), text_(ReadFile(path)) {
  if (NextLine()) {
    columns_.assign(cells_.begin(), cells_.end());
  } else if (mode_ == Mode::kStrict) {
    throw InputError(path_.filename().string() + " is empty");
  }
}

std::optional<std::size_t> CsvReader::Find(std::string_view column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::size_t CsvReader::Column(std::string_view column) const {
  const auto found = Find(column);
  if (!found) Fail("has no column " + std::string(column));
  return *found;
}

bool CsvReader::Next() {
  if (!NextLine()) return false;
  if (mode_ == Mode::kStrict && cells_.size() != columns_.size()) {
    Fail("has " + std::to_string(cells_.size()) + " of " + std::to_string(columns_.size()) +
         " values");
  }
  return true;
}

bool CsvReader::NextLine() {
  std::string_view line;
  do {
    const std::size_t end = text_.find('\n', next_);
    if (next_ == text_.size()) return false;
    ++line_;
    if (end == std::string::npos) {
      if (mode_ == Mode::kStrict) Fail("is cut off");
      return false;
    }
    line = std::string_view(text_).substr(next_, end - next_);
    next_ = end + 1;
  } while (line.starts_with('#') || (mode_ == Mode::kLenient && line.empty()));
  cells_.clear();
  for (std::size_t comma = 0; comma != std::string_view::npos;) {
    comma = line.find(',');
    cells_.push_back(line.substr(0, comma));
    if (comma != std::string_view::npos) line.remove_prefix(comma + 1);
  }
  return true;
}

std::string_view CsvReader::Cell(std::size_t column) const {
  return column < cells_.size() ? cells_[column] : std::string_view();
}

double CsvReader::Number(std::size_t column) const {
  const std::string_view cell = Cell(column);
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  const bool is_number = error == std::errc() && end == cell.data() + cell.size();
  return is_number ? value : std::numeric_limits<double>::quiet_NaN();
}

double CsvReader::Finite(std::size_t column) const {
  const double value = Number(column);
  if (!std::isfinite(value)) Fail("has '" + std::string(Cell(column)) + "' instead of a number");
  return value;
}

void CsvReader::Fail(std::string_view what) const {
  throw InputError(path_.filename().string() + ":" + std::to_string(line_) + ": this row " +
                   std::string(what));
}

}  // namespace nabla::agent
