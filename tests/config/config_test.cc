// Reading, overriding, writing, comparing and documenting valid configs.
#include "config/config.h"

#include <limits>
#include <stdexcept>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "tests/config/config_laws.h"
#include "tests/config/sample.h"
#include "tests/support/catch.h"

namespace nabla::config {
namespace {

RunSample Read(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return ReadText<RunSample>(text, "run.yaml", overrides);
}

TEST_CASE("a config struct keeps the laws of all config structs") {
  CheckConfigLaws<RunSample>(1000);
}

TEST_CASE("keys in the file are read, the others keep their defaults") {
  const RunSample c = Read(
      "\xEF\xBB\xBF# a comment\r\n"
      "seed: 18446744073709551615\r\n"
      "steps: 1e6\r\n"
      "quiet: true\r\n"
      "name: 12\r\n"
      "agent:\r\n"
      "  gamma: 0.98\r\n"
      "  actor:\r\n"
      "    hidden: [32, 16]\r\n"
      "tags: [a, 'b c', \"null\"]\r\n");
  CHECK(c.seed == std::numeric_limits<std::uint64_t>::max());
  CHECK(c.steps == 1'000'000);
  CHECK(c.quiet);
  CHECK(c.name == "12");
  const auto& td3 = std::get<Td3Sample>(c.agent.algorithm);
  CHECK(td3.gamma == 0.98);
  CHECK(td3.batch == Td3Sample{}.batch);
  CHECK(td3.actor.hidden == std::vector<int>{32, 16});
  CHECK(td3.actor.activation == NetworkSample{}.activation);
  CHECK(c.tags == std::vector<std::string>{"a", "b c", "null"});
  CHECK(c.parameters == RunSample{}.parameters);
}

TEST_CASE("optional values and sections can be set and cleared") {
  CHECK_FALSE(Read("seed: 1").encoder.has_value());
  CHECK(Read("encoder: {}").encoder->hidden == NetworkSample{}.hidden);
  CHECK(Read("encoder: {final_scale: 0.5}").encoder->final_scale == 0.5);
  CHECK_FALSE(Read("encoder: null").encoder.has_value());
  const auto entropy = [](const std::string& text) {
    return std::get<SacSample>(Read(text).agent.algorithm).entropy_target;
  };
  CHECK(entropy("agent: {algorithm: SAC}") == SacSample{}.entropy_target);
  CHECK_FALSE(entropy("agent: {algorithm: SAC, entropy_target: ~}").has_value());
}

TEST_CASE("a choice is read at any place in the mapping of its alternative") {
  const RunSample c = Read("agent: {gamma: 0.5, algorithm: SAC}");
  CHECK(std::get<SacSample>(c.agent.algorithm).gamma == 0.5);
  CHECK(std::holds_alternative<Td3Sample>(Read("agent: {gamma: 0.5}").agent.algorithm));
}

TEST_CASE("named parameters are numbers, lists, or matrices row by row") {
  const auto parameters = Read("parameters: {a: 1, b: [2], c: [], d: [[1, 2], [3, 4]]}").parameters;
  CHECK(parameters.at("a") == std::vector<double>{1});
  CHECK(parameters.at("b") == std::vector<double>{2});
  CHECK(parameters.at("c").empty());
  CHECK(parameters.at("d") == std::vector<double>{1, 2, 3, 4});
  CHECK(parameters.size() == 4);  // those of the file replace the defaults
}

TEST_CASE("an override replaces or adds the value of a key, and the last one wins") {
  const auto td3 = [](const std::string& text, const std::vector<std::string>& overrides) {
    return std::get<Td3Sample>(Read(text, overrides).agent.algorithm);
  };
  CHECK(td3("agent: {gamma: 0.5}", {"agent.gamma=0.25"}).gamma == 0.25);
  CHECK(td3("agent: {gamma: bad}", {"agent.gamma=0.25"}).gamma == 0.25);
  CHECK(td3("seed: 1", {"agent.gamma=0.25", "agent.gamma=0.75"}).gamma == 0.75);
  CHECK(td3("seed: 1", {"agent.actor.hidden=[8, 4]"}).actor.hidden == std::vector<int>{8, 4});
  CHECK(td3("agent:", {" agent . gamma =0.25"}).gamma == 0.25);
  CHECK(td3("agent: {gamma: 0.5, batch: 7}", {"agent={gamma: 0.25}"}).batch == Td3Sample{}.batch);
  CHECK(Read("seed: 1", {"name=a=b"}).name == "a=b");
  const RunSample sac = Read("seed: 1", {"agent.gamma=0.5", "agent.algorithm=SAC"});
  CHECK(std::get<SacSample>(sac.agent.algorithm).gamma == 0.5);
}

TEST_CASE("the written config lists every active key, in order") {
  RunSample c;
  c.agent.algorithm = SacSample{};
  c.parameters.clear();
  CHECK(Write(c) ==
        "seed: 1\n"
        "steps: 20000\n"
        "quiet: false\n"
        "name: \"first run\"\n"
        "agent:\n"
        "  algorithm: SAC\n"
        "  gamma: 0.98\n"
        "  entropy_target: -1\n"
        "parameters: {}\n"
        "tags: []\n"
        "encoder: null\n");
  CHECK(Write(SacSample{}, {.comments = true}) ==
        "gamma: 0.98         # Discount factor; 0 to 1\n"
        "entropy_target: -1  # Wanted entropy; null for minus the action dimension\n");
}

TEST_CASE("a value that could not be read back is rejected with its path") {
  RunSample c;
  std::get<Td3Sample>(c.agent.algorithm).gamma = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH(Write(c), "agent.gamma: a config holds only finite numbers");
  c = RunSample{};
  c.parameters["mass"] = {1, std::nan("")};
  CHECK_THROWS_WITH(Write(c), "parameters.mass: a config holds only finite numbers");
  c = RunSample{};
  c.tags = {"\xff"};
  CHECK_THROWS_WITH(Write(c), "tags: '\\xFF' is not UTF-8 text");
}

TEST_CASE("a difference has the path and both values") {
  const RunSample left = Read("seed: 1\nagent: {gamma: 0.5}\nparameters: {mass: 1, length: 2}");
  const RunSample right =
      Read("seed: 2\nagent: {algorithm: SAC}\nparameters: {mass: 3}\nencoder: {}");
  std::vector<std::tuple<std::string, std::string, std::string>> found;
  for (const Difference& d : Diff(left, right)) found.emplace_back(d.path, d.left, d.right);
  CHECK(found == decltype(found){{"seed", "1", "2"},
                                 {"agent.algorithm", "TD3", "SAC"},
                                 {"agent.gamma", "0.5", "0.98"},
                                 {"agent.batch", "256", ""},
                                 {"agent.policy_delay", "2", ""},
                                 {"agent.schedule", "linear", ""},
                                 {"agent.actor.hidden", "[64, 64]", ""},
                                 {"agent.actor.activation", "silu", ""},
                                 {"agent.actor.final_scale", "null", ""},
                                 {"parameters.length", "2", ""},
                                 {"parameters.mass", "1", "3"},
                                 {"encoder", "null", ""},
                                 {"agent.entropy_target", "", "-1"},
                                 {"encoder.hidden", "", "[64, 64]"},
                                 {"encoder.activation", "", "silu"},
                                 {"encoder.final_scale", "", "null"}});
  CHECK(Diff(left, left).empty());
}

TEST_CASE("the reference has a row for every key of every alternative") {
  const std::string table = Reference<AgentSample>();
  for (const char* row : {"| algorithm         | text           | TD3      | one of TD3, SAC       "
                          "          |               | Learning algorithm |",
                          "| gamma             | number         | 0.99     | 0 to 1                "
                          "          | algorithm TD3 | Discount factor (Sutton",
                          "| actor.hidden      | [integer]      | [64, 64] | at least 1            "
                          "          | algorithm TD3 | Units of each",
                          "| gamma             | number         | 0.98     | 0 to 1                "
                          "          | algorithm SAC | Discount factor |",
                          "| entropy_target    | number or null | -1       |                       "
                          "          | algorithm SAC | Wanted"}) {
    CHECK(table.find(row) != std::string::npos);
  }
}

struct Twice {
  int a = 0;
  template <class Archive>
  void Visit(Archive& ar) {
    ar("a", a, "First");
    ar("a", a, "Second");
  }
};

TEST_CASE("a struct that visits a key twice is a defect of the program") {
  CHECK_THROWS_AS(ReadText<Twice>("a: 1", "run.yaml"), std::logic_error);
}

}  // namespace
}  // namespace nabla::config
