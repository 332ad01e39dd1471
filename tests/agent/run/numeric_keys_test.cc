// Each numeric key of a task, at 0, 1, near its bounds and near the limits of its type: the value
// is refused with the name of the key, or the training makes progress and stops on request.
#include <limits>
#include <regex>

#include "agent/run/memory.h"
#include "agent/training/trainer.h"
#include "config/config.h"
#include "tests/support/catch.h"

namespace nabla::agent {
namespace {

const char* const kSmall =
    "environment: {step_limit: 20}\n"
    "agent: {actor: {hidden: [4]}, critic: {hidden: [4]}, batch_size: 4}\n"
    "trainer: {warmup_steps: 1, buffer_size: 100, priority: {alpha: 0.5}}\n";

struct NumericKey {
  config::Field field;
  std::vector<std::string> choices;  // the alternatives that have the key, as assignments
};

// Adds the numeric keys of a section, with those of all alternatives.
void Collect(const config::Field& section, const std::vector<std::string>& choices,
             std::vector<NumericKey>& keys) {
  for (const config::Field& field : section.fields) {
    std::vector<std::string> own = choices;
    if (const std::size_t space = field.when.find(' '); space != std::string::npos) {
      const std::string path = section.path.empty() ? "" : section.path + ".";
      own.push_back(path + field.when.substr(0, space) + "=" + field.when.substr(space + 1));
    }
    if (field.type == "section") {
      Collect(field, own, keys);
    } else if (field.type.find("integer") != std::string::npos ||
               field.type.find("number") != std::string::npos) {
      keys.push_back({field, own});
    }
  }
}

// 0, 1, limits of types, and the bounds of the range in the documentation with their neighbours.
std::vector<std::string> ValuesOf(const config::Field& field) {
  std::vector<std::string> values = {"0",
                                     "1",
                                     "-1",
                                     "100000000",
                                     "2147483647",
                                     "2147483648",
                                     "9223372036854775807",
                                     "18446744073709551615"};
  const bool is_integer = field.type.find("integer") != std::string::npos;
  if (!is_integer) {
    for (const char* value : {"5e-324", "1e-308", "1e-30", "1e30", "1e39", "1e308", "-1e308"}) {
      values.emplace_back(value);
    }
  }
  static const std::regex kNumber("-?[0-9.]+(e[-+]?[0-9]+)?");
  for (std::sregex_iterator at(field.range.begin(), field.range.end(), kNumber), end; at != end;
       ++at) {
    const double bound = std::stod(at->str());
    for (const double step : {-1.0, 0.0, 1.0}) {
      const double value = bound + step;
      values.push_back(is_integer ? std::to_string(static_cast<long long>(value))
                                  : std::to_string(value));
    }
  }
  return values;
}

// What the program says about the value; "" if it trains with it.
std::string Refusal(const std::vector<std::string>& overrides) {
  try {
    const auto task = config::ReadText<TaskConfig>(kSmall, "task.yaml", overrides);
    RequireMemory(task, 3e8);
    Workers workers(1);
    Trainer trainer(task, workers);
    for (int step = 0; step < 3; ++step) trainer.Step();
    const std::atomic<bool> stop = true;
    CHECK(!trainer.RunEvaluation(false, stop));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("numeric keys: every value is refused by name or trains") {
  std::vector<NumericKey> keys;
  Collect(config::FieldsOf(TaskConfig{}), {}, keys);
  REQUIRE(keys.size() > 50);
  int refused = 0, trained = 0;
  for (const NumericKey& key : keys) {
    for (const std::string& value : ValuesOf(key.field)) {
      std::vector<std::string> overrides = key.choices;
      const bool is_list = key.field.type.starts_with("[");
      overrides.push_back(key.field.path + "=" + (is_list ? "[" + value + "]" : value));
      const std::string refusal = Refusal(overrides);
      CAPTURE(key.field.path, key.field.type, value, refusal);
      if (refusal.empty()) {
        ++trained;
        continue;
      }
      ++refused;
      std::string name = key.field.key;
      if (name == "reward_scale" || name == "seed") name = name.substr(0, 4);
      CHECK(refusal.find(name) != std::string::npos);
      CHECK(refusal.find('\n') == std::string::npos);
    }
  }
  CHECK(refused > 200);
  CHECK(trained > 200);
}

}  // namespace
}  // namespace nabla::agent
