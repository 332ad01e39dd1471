#include "agent/state/csv.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

namespace nabla::agent {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMonitorColumns = "r,l,t";
constexpr std::uint64_t kMaxHead = 1 << 16;  // bytes
constexpr double kExactIntegers = 0x1p53;

std::string Join(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
  return text;
}

InputFile OpenPresent(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error)) return InputFile(path);
  throw InputError(path.string() + " is missing: the run cannot be resumed without it");
}

// The first `count` lines, empty where there are none.
std::vector<std::string> FirstLines(const fs::path& path, std::size_t count) {
  const InputFile file = OpenPresent(path);
  std::string text(std::min(file.size(), kMaxHead), '\0');
  file.Read(0, std::as_writable_bytes(std::span(text.data(), text.size())));
  std::vector<std::string> lines(count);
  std::size_t begin = 0;
  for (std::string& line : lines) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) break;
    line = text.substr(begin, end - begin);
    begin = end + 1;
  }
  return lines;
}

// round(value, 6) of Python, with its ".0" behind whole numbers.
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

LineFile::LineFile(fs::path path, int flags)
    : path_(std::move(path)), file_(path_, flags | O_RDWR | O_APPEND, "open") {}

LineFile LineFile::Create(const fs::path& path, std::string_view head) {
  // The head appears with the file or not at all: a resume never meets half of it.
  std::error_code error;
  if (fs::exists(path, error)) throw IoError("create", path, EEXIST);
  WriteFileAtomically(path, head);
  LineFile file(path, 0);
  file.offset_ = head.size();
  return file;
}

LineFile LineFile::Resume(const fs::path& path, std::uint64_t offset) {
  const InputFile present = OpenPresent(path);
  if (present.size() < offset) {
    throw InputError(path.string() + " has " + std::to_string(present.size()) +
                     " bytes, but its checkpoint was made when it had " + std::to_string(offset));
  }
  char last = '\0';
  if (offset > 0) present.Read(offset - 1, std::as_writable_bytes(std::span(&last, 1)));
  if (last != '\n') {
    throw InputError(path.string() + " was changed since its checkpoint: no line ends at byte " +
                     std::to_string(offset));
  }
  LineFile file(path, 0);
  file.offset_ = offset;
  if (::ftruncate(file.file_.get(), static_cast<off_t>(offset)) < 0) {
    throw IoError("truncate", path, errno);
  }
  return file;
}

void LineFile::Append(const std::string& line) {
  try {
    WriteAll(file_, BytesOf(line + "\n"), path_);
  } catch (const IoError&) {
    // Shrinking needs no space; should it fail all the same, the first error is the one to report.
    [[maybe_unused]] const int ignored = ::ftruncate(file_.get(), static_cast<off_t>(offset_));
    throw;
  }
  offset_ += line.size() + 1;
}

void LineFile::Sync() const {
  if (::fsync(file_.get()) < 0) throw IoError("flush", path_, errno);
}

CsvWriter::CsvWriter(LineFile file, std::vector<std::string> columns)
    : file_(std::move(file)), columns_(std::move(columns)) {}

CsvWriter CsvWriter::Create(const fs::path& path, std::vector<std::string> columns) {
  LineFile file = LineFile::Create(path, Join(columns) + "\n");
  return {std::move(file), std::move(columns)};
}

CsvWriter CsvWriter::Resume(const fs::path& path, std::vector<std::string> columns,
                            std::uint64_t offset) {
  const std::string head = FirstLines(path, 1).front();
  if (head != Join(columns)) {
    throw InputError(path.string() + " has the columns '" + head + "', this program writes '" +
                     Join(columns) + "'");
  }
  return {LineFile::Resume(path, offset), std::move(columns)};
}

void CsvWriter::Row(std::span<const double> values) {
  if (values.size() != columns_.size()) {
    throw std::logic_error("a row of " + std::to_string(values.size()) + " values for " +
                           std::to_string(columns_.size()) + " columns");
  }
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(ShortestText(value));
  file_.Append(Join(texts));
}

std::uint64_t CsvWriter::Flush() const {
  file_.Sync();
  return file_.offset();
}

MonitorWriter::MonitorWriter(LineFile file) : file_(std::move(file)) {}

MonitorWriter MonitorWriter::Create(const fs::path& path, const std::string& environment,
                                    double start) {
  const std::string head = "#{\"t_start\": " + nlohmann::json(start).dump() +
                           ", \"env_id\": " + nlohmann::json(environment).dump() + "}\n" +
                           kMonitorColumns + "\n";
  return MonitorWriter(LineFile::Create(path, head));
}

MonitorWriter MonitorWriter::Resume(const fs::path& path, std::uint64_t offset) {
  const auto lines = FirstLines(path, 2);
  if (!lines[0].starts_with("#{") || lines[1] != kMonitorColumns) {
    throw InputError(path.string() + " is not in the format of a monitor file");
  }
  return MonitorWriter(LineFile::Resume(path, offset));
}

void MonitorWriter::Row(double episode_return, std::int64_t length, double seconds) {
  file_.Append(SixDigits(episode_return) + "," + std::to_string(length) + "," + SixDigits(seconds));
}

std::uint64_t MonitorWriter::Flush() const {
  file_.Sync();
  return file_.offset();
}

}  // namespace nabla::agent
