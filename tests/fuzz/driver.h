// The fuzz drivers: each feeds one reader of the program with an arbitrary input.
//
//   nabla_fuzz --driver=NAME FILE|FOLDER...      runs the files (built with the tests); those whose
//                                                name begins with "valid" must be accepted
//   nabla_fuzz --driver=NAME -max_total_time=60 CORPUS...       libFuzzer (preset fuzz)
//
// A reader accepts an input or throws an error with a message of one line. A driver aborts on
// anything else: another exception, several lines, the text of a library, a law that does not hold,
// or a change of a file outside its scratch folder (path_guard.h).
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace nabla::fuzz {

struct Driver {
  const char* name;
  bool (*run)(std::string_view input);  // true if the reader accepts the input
  // The documents that the input edits (json_edits.h), for the mutator; null: the input is text.
  std::span<const nlohmann::json> (*documents)();
};

// All drivers, and the one with this name. Throws std::invalid_argument that lists them.
std::span<const Driver> Drivers();
const Driver& FindDriver(std::string_view name);

// Runs one input; true if it is accepted. Aborts, with the reason on stderr, if the driver fails.
bool RunInput(const Driver& driver, std::string_view input);

// A driver's own finding, such as a law that does not hold.
class Finding : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};
void Require(bool condition, const std::string& what);

// Runs `read`. True if it returns, false if it throws an error for the user, with one line of text:
// std::invalid_argument (InputError) or std::runtime_error (config::Error, IoError, Divergence),
// but not std::system_error. Anything else passes through, as a finding.
bool Accepts(const std::function<void()>& read);

// The scratch folder of this process, in memory where the system has /dev/shm. It is deleted at the
// end of the process.
const std::filesystem::path& Scratch();

// Writes a file in the scratch folder, without the cost of a flush.
void WriteScratch(const std::filesystem::path& path, std::string_view content);

bool RunTask(std::string_view input);
bool RunExperiment(std::string_view input);
bool RunPlan(std::string_view input);
bool RunCheckpoint(std::string_view input);
bool RunUnit(std::string_view input);
bool RunCsv(std::string_view input);
bool RunSafetensors(std::string_view input);
bool RunOverrides(std::string_view input);
bool RunNumbers(std::string_view input);
std::span<const nlohmann::json> PlanDocuments();
std::span<const nlohmann::json> CheckpointDocuments();
std::span<const nlohmann::json> UnitDocuments();

}  // namespace nabla::fuzz
