// CSV and safetensors files.
#include "agent/run/progress.h"
#include "agent/state/csv.h"
#include "agent/state/safetensors.h"
#include "tests/fuzz/driver.h"

namespace nabla::fuzz {

using agent::CsvReader;
using agent::CsvWriter;

// The file is read, and a resumed run continues it at its end and in its middle.
bool RunCsv(std::string_view input) {
  const std::filesystem::path path = Scratch() / "progress.csv";
  WriteScratch(path, input);
  bool is_accepted = false;  // by the second mode, which is the stricter one
  for (const auto mode : {CsvReader::Mode::kLenient, CsvReader::Mode::kStrict}) {
    is_accepted = Accepts([&] {
      for (const agent::ProgressRow& row : agent::ReadProgress(path, mode).rows) {
        Require(mode == CsvReader::Mode::kLenient || row.step == row.step, "a row without a step");
      }
    });
  }
  const std::string head(input.substr(0, std::min(input.find('\n'), input.size())));
  for (const std::uint64_t offset : {~std::uint64_t{0}, std::uint64_t{input.size()},
                                     std::uint64_t{input.size() / 2}, std::uint64_t{0}}) {
    for (const auto& columns : {std::vector<std::string>{head}, agent::kMonitorColumns}) {
      Accepts([&] {
        CsvWriter writer = CsvWriter::Resume(path, columns, offset);
        writer.Truncate();
      });
    }
  }
  return is_accepted;
}

// After 'h' follow the header of the file and a newline, then the data: its length is put before
// it. Any other input is the whole file.
bool RunSafetensors(std::string_view input) {
  std::string content(input);
  if (input.starts_with('h')) {
    const std::string_view header = input.substr(1, input.find('\n') - 1);
    const std::uint64_t length = header.size();
    content.assign(reinterpret_cast<const char*>(&length), sizeof(length));
    content += header;
    content += input.substr(std::min(header.size() + 2, input.size()));
  }
  const std::filesystem::path path = Scratch() / "file.safetensors";
  WriteScratch(path, content);
  return Accepts([&] {
    const agent::SafetensorsFile file{agent::InputFile(path)};
    for (const auto& [name, entry] : file.entries()) {
      Require(entry.begin + entry.type.Bytes() <= content.size(), "a tensor beyond its file");
      std::vector<std::byte> data(entry.type.Bytes());
      file.Read(name, entry.type, data);
      agent::TensorType other = entry.type;
      other.shape.push_back(2);
      std::vector<std::byte> larger(2 * data.size());
      const auto read_other = [&, key = name] { file.Read(key, other, larger); };
      Require(!Accepts(read_other), "a tensor of another shape");
    }
  });
}

}  // namespace nabla::fuzz
