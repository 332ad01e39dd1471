// The functions that libFuzzer calls (https://llvm.org/docs/LibFuzzer.html). Its own parser ignores
// options that begin with two dashes, so --driver chooses the driver.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "tests/fuzz/driver.h"
#include "tests/fuzz/json_edits.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace nabla::fuzz {
namespace {

const Driver* chosen = nullptr;

// Adds, replaces or removes a line.
std::string MutateLines(std::string_view input, const nlohmann::json& document, unsigned seed) {
  const std::vector<std::string_view> lines = Lines(input);
  const std::string edit = RandomEdit(document, seed * 2654435761u);
  const std::size_t at = lines.empty() ? 0 : (seed / 8) % (lines.size() + 1);
  std::string text;
  for (std::size_t i = 0; i <= lines.size(); ++i) {
    if (i == at && seed % 8 != 1) text += edit + "\n";
    const bool is_replaced = i == at && seed % 8 < 4;
    if (i < lines.size() && !is_replaced) text += std::string(lines[i]) + "\n";
  }
  return text;
}

}  // namespace
}  // namespace nabla::fuzz

using nabla::fuzz::chosen;

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  try {
    for (int i = 1; i < *argc; ++i) {
      const std::string_view argument = (*argv)[i];
      if (argument.starts_with("--driver=")) {
        chosen = &nabla::fuzz::FindDriver(argument.substr(9));
      }
    }
    if (chosen == nullptr) throw std::invalid_argument("missing --driver=NAME");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "nabla_fuzz: %s\n", error.what());
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nabla::fuzz::RunInput(*chosen, {reinterpret_cast<const char*>(data), size});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned int seed) {
  // One in four mutations of a driver that edits documents is one of bytes.
  if (chosen->documents == nullptr || seed % 4 == 0) return LLVMFuzzerMutate(data, size, most);
  const auto documents = chosen->documents();
  const std::string text =
      nabla::fuzz::MutateLines({reinterpret_cast<const char*>(data), size},
                               documents[(seed / 4) % documents.size()], seed / 16);
  if (text.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::copy(text.begin(), text.end(), data);
  return text.size();
}
