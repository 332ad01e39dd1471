#include "agent/state/csv.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

using test::IsLineWith;
using test::MessageOf;
using test::TempFolder;

const std::vector<std::string> kColumns = {"step", "return_mean"};

TEST_CASE("Numbers are written in their shortest exact form") {
  CHECK(ShortestText(0) == "0");
  CHECK(ShortestText(-0.0) == "-0");
  CHECK(ShortestText(20000) == "20000");
  CHECK(ShortestText(1000000) == "1000000");
  CHECK(ShortestText(-150.25) == "-150.25");
  CHECK(ShortestText(0.1) == "0.1");
  CHECK(ShortestText(std::nan("")) == "nan");
  CHECK(ShortestText(-std::numeric_limits<double>::infinity()) == "-inf");
  for (double value = 1e-320; value < 1e300; value *= 97.3) {
    for (const double x : {value, -value / 3}) {
      CHECK(std::strtod(ShortestText(x).c_str(), nullptr) == x);
    }
  }
}

TEST_CASE("progress.csv has a row per call, and a resume truncates it at the checkpoint") {
  const TempFolder folder;
  const auto path = folder / "progress.csv";
  std::uint64_t offset = 0;
  {
    CsvWriter writer = CsvWriter::Create(path, kColumns);
    writer.Row(std::vector<double>{1000, -1200.5});
    offset = writer.Flush();
    writer.Row(std::vector<double>{2000, std::nan("")});
    CHECK_THROWS_AS(writer.Row(std::vector<double>{1}), std::logic_error);
  }
  const std::string until_checkpoint = "step,return_mean\n1000,-1200.5\n";
  CHECK(ReadFile(path) == until_checkpoint + "2000,nan\n");
  CHECK(offset == until_checkpoint.size());

  CsvWriter writer = CsvWriter::Resume(path, kColumns, offset);
  CHECK(ReadFile(path) == until_checkpoint + "2000,nan\n");  // not before everything is checked
  writer.Truncate();
  CHECK(ReadFile(path) == until_checkpoint);
  writer.Row(std::vector<double>{2000, 0.25});
  CHECK(ReadFile(path) == until_checkpoint + "2000,0.25\n");
  CHECK(writer.Flush() == ReadFile(path).size());
}

TEST_CASE("monitor.csv is what Stable-Baselines3 writes") {
  const TempFolder folder;
  const auto path = folder / "monitor.csv";
  std::uint64_t offset = 0;
  {
    CsvWriter writer =
        CsvWriter::Create(path, kMonitorColumns, MonitorComment("Pendulum-v1", 1700000000));
    writer.Row(MonitorRow(-123.4567894, 200, 1.2345671));
    writer.Row(MonitorRow(-5, 200, 12));
    offset = writer.Flush();
    writer.Row(MonitorRow(2.0 / 3.0, 1, 1e-5));
  }
  const std::string until_checkpoint =
      "#{\"t_start\": 1700000000.0, \"env_id\": \"Pendulum-v1\"}\n"
      "r,l,t\n"
      "-123.456789,200,1.234567\n"
      "-5.0,200,12.0\n";
  CHECK(ReadFile(path) == until_checkpoint + "0.666667,1,1e-05\n");
  CsvWriter writer = CsvWriter::Resume(path, kMonitorColumns, offset);
  writer.Truncate();
  writer.Row(MonitorRow(-7.5, 200, 13.5));
  CHECK(ReadFile(path) == until_checkpoint + "-7.5,200,13.5\n");
}

TEST_CASE("A CSV file that differs from the one at the checkpoint is rejected and not changed") {
  const TempFolder folder;
  const auto path = folder / "progress.csv";
  const auto resume = [&](std::uint64_t offset, const std::vector<std::string>& columns) {
    return MessageOf<InputError>([&] { CsvWriter::Resume(path, columns, offset); });
  };
  CHECK(IsLineWith(resume(10, kColumns), "progress.csv", "missing"));
  { CsvWriter::Create(path, kColumns).Row(std::vector<double>{1, 2}); }
  const std::string content = ReadFile(path);
  CHECK(IsLineWith(resume(content.size() + 1, kColumns), "progress.csv",
                   std::to_string(content.size()), std::to_string(content.size() + 1)));
  CHECK(IsLineWith(resume(content.size() - 1, kColumns), "progress.csv", "changed"));
  CHECK(IsLineWith(resume(0, kColumns), "progress.csv", "changed"));
  CHECK(IsLineWith(resume(content.size(), {"step", "loss"}), "step,return_mean", "step,loss"));
  CHECK(IsLineWith(resume(content.size(), kMonitorColumns), "step,return_mean", "'r,l,t'"));
  CHECK(IsLineWith(MessageOf<IoError>([&] { CsvWriter::Create(path, kColumns); }), "progress.csv",
                   "exists"));
  CHECK(ReadFile(path) == content);
}

// The rows of a file as text: columns of a row with commas, rows with blanks.
std::string RowsOf(CsvReader& reader) {
  std::string text;
  while (reader.Next()) {
    for (std::size_t i = 0; i < reader.columns().size(); ++i) {
      text += (i == 0 ? "" : ",") + ShortestText(reader.Number(i));
    }
    text += " ";
  }
  return text;
}

TEST_CASE("A file that is being written is read up to its last whole line") {
  const TempFolder folder;
  WriteFileAtomically(folder / "a.csv", "#{}\nr,l,t\n-1.5,200,0.1\nnan,x,\n1\n-3,2");
  CsvReader reader(folder / "a.csv", CsvReader::Mode::kLenient);
  CHECK(reader.columns() == std::vector<std::string>{"r", "l", "t"});
  CHECK(reader.Find("l") == 1u);
  CHECK(!reader.Find("x"));
  CHECK(RowsOf(reader) == "-1.5,200,0.1 nan,nan,nan 1,nan,nan ");
  WriteFileAtomically(folder / "empty.csv", "");
  CsvReader empty(folder / "empty.csv", CsvReader::Mode::kLenient);
  CHECK(empty.columns().empty());
  CHECK(!empty.Next());
}

TEST_CASE("A strict reader names the line of the first error") {
  const TempFolder folder;
  const auto error_of = [&](const std::string& content) {
    WriteFileAtomically(folder / "a.csv", content);
    return MessageOf<InputError>([&] {
      CsvReader reader(folder / "a.csv", CsvReader::Mode::kStrict);
      const std::size_t step = reader.Column("step");
      while (reader.Next()) reader.Finite(step);
    });
  };
  CHECK(error_of("step,r\n1,2\n2,nan\n") == "");
  CHECK(error_of("") == "a.csv is empty");
  CHECK(error_of("r\n") == "a.csv:1: this row has no column step");
  CHECK(error_of("#\nstep,r\n1,2\n3\n") == "a.csv:4: this row has 1 of 2 values");
  CHECK(error_of("step,r\n1,2,3\n") == "a.csv:2: this row has 3 of 2 values");
  CHECK(error_of("step,r\n1,2\n2,3") == "a.csv:3: this row is cut off");
  for (const std::string cell : {"x", "", "1 ", "nan", "inf"}) {
    CHECK(error_of("step,r\n" + cell + ",2\n") ==
          "a.csv:2: this row has '" + cell + "' instead of a number");
  }
}

}  // namespace
}  // namespace nabla::agent
