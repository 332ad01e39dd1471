// The framing of TFRecord files: published checksums, and damage.
#include "apps/tensorboard/record_file.h"

#include "agent/state/file_io.h"
#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::tensorboard {
namespace {

TEST_CASE("CRC32C has the values of RFC 3720") {
  std::string ascending;
  for (int i = 0; i < 32; ++i) ascending += static_cast<char>(i);
  CHECK(Crc32c(std::string(32, '\0')) == 0x8a9136aa);
  CHECK(Crc32c(std::string(32, '\xff')) == 0x62a8ab43);
  CHECK(Crc32c(ascending) == 0x46dd794e);
  CHECK(Crc32c("123456789") == 0xe3069283);
  CHECK(Crc32c("") == 0);
  CHECK(MaskedCrc32c("") == 0xa282ead8);
}

std::vector<std::string> Records(const std::string& content) {
  std::vector<std::string> records;
  VisitRecords(content, [&](std::string_view data) {
    records.emplace_back(data);
    return true;
  });
  return records;
}

TEST_CASE("Records are read as they were written, up to the first damaged one") {
  const test::TempFolder folder;
  const std::vector<std::string> written = {"first", std::string("\0\n\xff", 3), "", "last"};
  {
    auto file = agent::AppendFile::Create(folder / "records");
    for (const std::string& data : written) file.Append(Record(data));
  }
  const std::string content = test::Read(folder / "records");
  CHECK(Records(content) == written);
  CHECK(content.size() == 4 * 16 + 5 + 3 + 4);
  // A flipped bit or a missing end loses the records after it, but never gives a wrong one.
  for (std::size_t at = 0; at < content.size(); ++at) {
    std::string damaged = content;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    for (const std::string& variant : {damaged, content.substr(0, at)}) {
      const auto read = Records(variant);
      REQUIRE(read.size() < written.size());
      CHECK(std::equal(read.begin(), read.end(), written.begin()));
    }
  }
}

TEST_CASE("A file is truncated before the first record that is rejected") {
  const test::TempFolder folder;
  {
    auto file = agent::AppendFile::Create(folder / "records");
    for (const char* data : {"a", "b", "c"}) file.Append(Record(data));
  }
  const auto cut = [&](const std::string& refused) {
    CutRecords(folder / "records", [&](std::string_view data) { return data != refused; });
    return Records(test::Read(folder / "records"));
  };
  CHECK(cut("x") == std::vector<std::string>{"a", "b", "c"});
  CHECK(cut("b") == std::vector<std::string>{"a"});
  CHECK(cut("a").empty());
  CHECK_THROWS_AS(agent::AppendFile::Create(folder / "records"), agent::IoError);
}

}  // namespace
}  // namespace nabla::tensorboard
