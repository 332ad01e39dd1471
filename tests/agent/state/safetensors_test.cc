#include "agent/state/safetensors.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <random>

#include "tests/support/catch.h"
#include "tests/support/skip.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

using test::IsLineWith;
using test::MessageOf;
using test::TempFolder;

template <class T>
std::vector<T> ReadValues(const SafetensorsFile& file, const std::string& name,
                          std::vector<std::int64_t> shape) {
  const TensorType type{DTypeOf<T>(), std::move(shape)};
  std::vector<T> values(type.Bytes() / sizeof(T));
  file.Read(name, type, std::as_writable_bytes(std::span(values)));
  return values;
}

void WriteText(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::remove(path);  // truncating instead makes ext4 flush each time
  std::ofstream(path, std::ios::binary) << content;
}

// A file with this header, followed by `data_bytes` zeros.
std::string Raw(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string content(8, '\0');
  std::memcpy(content.data(), &length, 8);
  return content + header + std::string(data_bytes, '\0');
}

std::string OpeningError(const std::filesystem::path& path, const std::string& content) {
  WriteText(path, content);
  return MessageOf<InputError>([&] { SafetensorsFile file{InputFile(path)}; });
}

TEST_CASE("Checksum is XXH64 for any division of the bytes") {
  const auto of = [](const std::string& text, std::size_t piece) {
    Checksum checksum;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      checksum.Add(BytesOf(text.substr(at, piece)));
    }
    return ToHex(checksum.Value());
  };
  // Published test vectors of XXH64, seed 0.
  CHECK(of("", 1) == "ef46db3751d8e999");
  CHECK(of("a", 1) == "d24ec4f1a98c6e5b");
  CHECK(of("abc", 1) == "44bc2cf5ad770999");
  CHECK(of("Nobody inspects the spammish repetition", 39) == "fbcea83c8a378bf1");
  const std::string text(1000, 'x');
  for (std::size_t piece = 1; piece < 70; ++piece) CHECK(of(text, piece) == of(text, 1000));
}

TEST_CASE("A file of the public safetensors package is read") {
  const SafetensorsFile file(InputFile(NABLA_SOURCE_DIR "/tests/golden/sample.safetensors"));
  CHECK(file.metadata() == TextMap{{"made_by", "safetensors"}});
  CHECK(ReadValues<float>(file, "layer.weight", {2, 3}) ==
        std::vector<float>{0, 0.25f, 0.5f, 0.75f, 1, 1.25f});
  const auto bias = ReadValues<float>(file, "layer.bias", {2});
  CHECK(std::signbit(bias[0]));
  CHECK(bias[1] == std::numeric_limits<float>::infinity());
  CHECK(ReadValues<double>(file, "state", {3}) == std::vector<double>{0.1, -1e300, 5e-324});
  CHECK(ReadValues<std::uint8_t>(file, "flags", {3}) == std::vector<std::uint8_t>{0, 1, 255});
  CHECK(ReadValues<std::int64_t>(file, "step", {1}) ==
        std::vector<std::int64_t>{-(std::int64_t{1} << 62)});
  CHECK(ReadValues<float>(file, "none", {0, 4}).empty());
  CHECK(file.entries().size() == 6);
}

struct TensorSample {
  std::vector<float> weight = {0, -0.5f, 1e-45f, 3, 4, 5};
  std::vector<double> state = {0.1, -2};
  std::vector<std::uint8_t> flags = {7, 0, 255};
  std::vector<std::int64_t> steps = {-1, std::numeric_limits<std::int64_t>::max()};

  std::vector<TensorView> Views() const {
    return {{"weight", {DType::kF32, {2, 3}}, std::as_bytes(std::span(weight))},
            {"flags", {DType::kU8, {3}}, std::as_bytes(std::span(flags))},
            {"state", {DType::kF64, {2}}, std::as_bytes(std::span(state))},
            {"steps", {DType::kI64, {1, 2}}, std::as_bytes(std::span(steps))}};
  }
};

TEST_CASE("Tensors are read as they were written, with the checksum of the file") {
  const TempFolder folder;
  const TensorSample sample;
  const FileRecord record =
      WriteSafetensors(folder / "a.safetensors", sample.Views(), {{"step", "5"}});
  const SafetensorsFile file(InputFile(folder / "a.safetensors"));
  CHECK(file.file().Measure() == record);
  CHECK(file.metadata() == TextMap{{"step", "5"}});
  CHECK(ReadValues<float>(file, "weight", {2, 3}) == sample.weight);
  CHECK(ReadValues<std::uint8_t>(file, "flags", {3}) == sample.flags);
  CHECK(ReadValues<double>(file, "state", {2}) == sample.state);
  CHECK(ReadValues<std::int64_t>(file, "steps", {1, 2}) == sample.steps);
}

TEST_CASE("The public safetensors package reads the files") {
  const char* chosen = std::getenv("NABLA_PYTHON");
  const std::string python = chosen != nullptr ? chosen : "python3";
  if (std::system((python + " -c 'import safetensors, numpy' 2>/dev/null").c_str()) != 0) {
    return test::Skip(python + " has no safetensors; set NABLA_PYTHON to one that has it");
  }
  const TempFolder folder;
  WriteSafetensors(folder / "a.safetensors", TensorSample().Views(), {{"step", "5"}});
  WriteText(folder / "check.py",
            "import sys, numpy as np\n"
            "from safetensors import safe_open\n"
            "with safe_open(sys.argv[1], 'np') as f:\n"
            "    assert f.metadata() == {'step': '5'}\n"
            "    t = {k: f.get_tensor(k) for k in f.keys()}\n"
            "want = {'weight': np.array([[0, -0.5, 1e-45], [3, 4, 5]], np.float32),\n"
            "        'state': np.array([0.1, -2]), 'flags': np.array([7, 0, 255], np.uint8),\n"
            "        'steps': np.array([[-1, 2**63 - 1]])}\n"
            "assert t.keys() == want.keys()\n"
            "for k in want:\n"
            "    assert t[k].dtype == want[k].dtype and np.array_equal(t[k], want[k]), k\n");
  CHECK(std::system((python + " " + (folder / "check.py").string() + " " +
                     (folder / "a.safetensors").string())
                        .c_str()) == 0);
}

TEST_CASE("A tensor that is missing or of another type is rejected with both types") {
  const TempFolder folder;
  WriteSafetensors(folder / "a.safetensors", TensorSample().Views(), {});
  const SafetensorsFile file(InputFile(folder / "a.safetensors"));
  CHECK(IsLineWith(MessageOf<InputError>([&] {
                     ReadValues<float>(file, "weight", {3, 2});
                   }),
                   "a.safetensors", "weight", "F32 [2, 3]", "F32 [3, 2]"));
  CHECK(IsLineWith(MessageOf<InputError>([&] {
                     ReadValues<double>(file, "weight", {2, 3});
                   }),
                   "weight", "F32 [2, 3]", "F64 [2, 3]"));
  CHECK(IsLineWith(MessageOf<InputError>([&] { ReadValues<float>(file, "bias", {3}); }),
                   "a.safetensors", "bias", "F32 [3]"));
}

TEST_CASE("Damaged and unrelated files are rejected in one line that names them") {
  const TempFolder folder;
  const auto path = folder / "bad.safetensors";
  const std::string f4 = R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  const std::vector<std::string> contents = {
      "",
      "1234567",
      "\x7f"
      "ELF and then some more bytes of a program",
      Raw("", 0),
      Raw("[1, 2]", 0),
      Raw("{\"x\": ", 0),
      Raw("{\"x\": 3}", 0),
      Raw("{\"__metadata__\": {\"a\": 1}}", 0),
      Raw(f4 + "}", 3),                                                            // truncated
      Raw(f4 + "}", 5),                                                            // a byte more
      Raw(f4 + R"(,"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4),    // overlap
      Raw(f4 + R"(,"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})", 12),  // gap
      Raw(f4 + R"(,"y":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}})", 8),    // reversed
      Raw(f4 + R"(,"y":{"dtype":"F32","shape":[2],"data_offsets":[4,8]}})", 8),    // wrong length
      Raw(f4 + R"(,"y":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]}})", 8),   // dtype
      Raw(f4 + R"(,"y":{"dtype":"F32","shape":[-1],"data_offsets":[4,8]}})", 8),   // negative
      Raw(f4 + R"(,"y":{"dtype":"F32","shape":[1.0],"data_offsets":[4,8]}})", 8),  // not an integer
      Raw(f4 + R"(,"y":{"dtype":"F32","shape":1,"data_offsets":[4,8]}})", 8),      // not a list
      Raw(f4 + R"(,"y":{"dtype":"F32","shape":[1],"data_offsets":[4]}})", 8),      // one offset
      Raw(f4 + R"(,"y":{"dtype":"F32","shape":[4294967296,4294967296,4],)" +       // overflow
              R"("data_offsets":[4,4]}})",
          4),
  };
  for (const std::string& content : contents) {
    INFO(content);
    CHECK(IsLineWith(OpeningError(path, content), "bad.safetensors"));
  }
  CHECK(OpeningError(path, Raw(f4 + "}", 4)).empty());  // the same, undamaged
}

TEST_CASE("Truncated and changed files never crash the reader") {
  const TempFolder folder;
  const auto path = folder / "a.safetensors";
  WriteSafetensors(path, TensorSample().Views(), {});
  const std::string whole = ReadFile(path);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK(IsLineWith(OpeningError(path, whole.substr(0, length)), "a.safetensors"));
  }
  std::mt19937 random(1);
  const std::size_t header = whole.size() - TensorSample().Views().size();
  for (int i = 0; i < 300; ++i) {
    std::string changed = whole;
    changed[random() % header] = static_cast<char>(random());
    // Some changes (a letter of a name) leave a valid file. The others must give an InputError.
    CHECK_NOTHROW(OpeningError(path, changed));
  }
}

}  // namespace
}  // namespace nabla::agent
