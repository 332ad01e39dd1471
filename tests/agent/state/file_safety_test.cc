// Links, FIFOs and texts that a stranger has put in place of the program's files.
#include <fcntl.h>
#include <sys/stat.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "agent/run/checkpoint.h"
#include "agent/run/run_folder.h"
#include "agent/state/csv.h"
#include "agent/state/state_json.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

namespace fs = std::filesystem;
using test::IsLineWith;
using test::MessageOf;
using test::TempFolder;

TEST_CASE("Nothing is written through a link or into a FIFO") {
  const TempFolder folder;
  const fs::path victim = folder / "victim";
  const std::vector<std::function<void(const fs::path&)>> writers = {
      [](const fs::path& path) { AppendFile::Create(path).Append("x"); },
      [](const fs::path& path) { AppendFile::Extend(path).Append("x"); },
      [](const fs::path& path) { AppendFile::Open(path, 0).Append("x"); },
      [](const fs::path& path) { CsvWriter::Create(path, {"x"}); },
      [](const fs::path& path) { CsvWriter::Resume(path, {"step"}, 5).Truncate(); },
      [](const fs::path& path) { FileDescriptor(path, O_RDWR | O_CREAT, "create").Truncate(0); },
  };
  for (std::size_t i = 0; i < writers.size(); ++i) {
    for (const std::string kind : {"link", "dangling link", "FIFO"}) {
      INFO("writer " << i << ", " << kind);
      WriteFileAtomically(victim, "step\nmine\n");
      const fs::path path = folder / "file";
      fs::remove(path);
      if (kind == "link") fs::create_symlink(victim, path);
      if (kind == "dangling link") fs::create_symlink(folder / "nothing", path);
      if (kind == "FIFO") REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
      std::string message = MessageOf<InputError>([&] {
        try {
          writers[i](path);
        } catch (const IoError& error) {
          throw InputError(error.what());
        }
      });
      CHECK(message != "");
      CHECK(IsLineWith(message, path.string()));
      CHECK(ReadFile(victim) == "step\nmine\n");
      CHECK(!fs::exists(folder / "nothing"));
    }
  }
}

TEST_CASE("A temporary file in place of which there is a link or a FIFO is replaced") {
  const TempFolder folder;
  const fs::path victim = folder / "victim", path = folder / "file";
  WriteFileAtomically(victim, "mine");
  fs::create_symlink(victim, TemporaryFor(path));
  WriteFileAtomically(path, "new");
  REQUIRE(::mkfifo(TemporaryFor(path).c_str(), 0600) == 0);
  WriteFileAtomically(path, "newer");
  fs::create_hard_link(victim, TemporaryFor(path));
  WriteFileAtomically(path, "newest");
  CHECK(ReadFile(path) == "newest");
  CHECK(ReadFile(victim) == "mine");
  CHECK(!fs::is_symlink(path));
}

TEST_CASE("A FIFO or a folder is not read as a file") {
  const TempFolder folder;
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  fs::create_directory(folder / "directory");
  for (const char* name : {"fifo", "directory"}) {
    CHECK(IsLineWith(MessageOf<InputError>([&] { ReadFile(folder / name); }), name,
                     "not a regular file"));
  }
}

TEST_CASE("The lock of a run is never a link") {
  const TempFolder folder;
  WriteFileAtomically(folder / "victim", "mine");
  fs::create_directory(folder / "run");
  fs::create_symlink(folder / "victim", folder / "run/.lock");
  CHECK(IsLineWith(MessageOf<InputError>([&] { RunFolder::CreateAt(folder / "run"); }), ".lock"));
  CHECK(ReadFile(folder / "victim") == "mine");
}

TEST_CASE("A folder of checkpoints does not leave its run") {
  const TempFolder folder;
  fs::create_directories(folder / "other/step_5");
  fs::create_symlink(folder / "other", folder / "checkpoint");
  CHECK(IsLineWith(MessageOf<InputError>([&] {
                     CheckpointStore(folder / "checkpoint", CheckpointStore::Access::kWrite);
                   }),
                   "checkpoint", "symbolic link"));
  fs::remove(folder / "checkpoint");
  fs::create_directories(folder / "checkpoint/step_1");
  fs::create_symlink("../other/step_5", folder / "checkpoint/latest");
  const CheckpointStore store(folder / "checkpoint", CheckpointStore::Access::kWrite);
  CHECK(fs::read_symlink(folder / "checkpoint/latest") == "step_1");
  CHECK(fs::exists(folder / "checkpoint/step_1"));
  CHECK(fs::exists(folder / "other/step_5"));
}

TEST_CASE("A link takes the place of a link only") {
  const TempFolder folder;
  fs::create_directory(folder / "latest");
  WriteFileAtomically(folder / "file", "mine");
  for (const char* name : {"latest", "file"}) {
    CHECK(IsLineWith(MessageOf<InputError>([&] { ReplaceSymlink("x", folder / name); }), name));
  }
  CHECK(fs::is_directory(folder / "latest"));
  CHECK(ReadFile(folder / "file") == "mine");
}

TEST_CASE("A message is one line without control characters") {
  CHECK(OneLine("plain, \"caf\u00e9\" \u2207") == "plain, \"caf\u00e9\" \u2207");
  CHECK(OneLine("a\nb\x1b[2J\x7f\r") == "a\\nb\\x1b[2J\\x7f\\x0d");
  CHECK(OneLine("\xc2\x9b"
                "2J") == "\\xc2\\x9b2J");  // CSI in UTF-8
}

TEST_CASE("JSON that no run writes is refused before it is parsed") {
  const auto refusal = [](const std::string& text) {
    return MessageOf<InputError>([&] { ParseJson(text, "a.json"); });
  };
  CHECK(refusal(R"({"a": [1, {"b": "[[[[,,,\"{{"}]})") == "");
  CHECK(IsLineWith(refusal("{"), "a.json", "not JSON"));
  CHECK(IsLineWith(refusal(std::string(100'000, '[')), "a.json", "too deep"));
  CHECK(IsLineWith(refusal("[" + std::string(2'000'000, ',') + "]"), "a.json", "too large"));
  CHECK(IsLineWith(refusal(std::string(40 << 20, ' ')), "a.json", "too large"));
  CHECK(JsonText({{"path", "caf\xe9"}}) == "{\"path\":\"caf\ufffd\"}");
}

}  // namespace
}  // namespace nabla::agent
