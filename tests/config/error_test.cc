// Every kind of error in a config, and its message.
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "config/config.h"
#include "tests/config/sample.h"
#include "tests/support/catch.h"

namespace nabla::config {
namespace {

// The message of reading `text`, "" if it succeeds.
std::string Complaint(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    ReadText<RunSample>(text, "run.yaml", overrides);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string FileComplaint(const std::string& path) {
  try {
    ReadFile<RunSample>(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

struct Case {
  std::string text;
  std::string complaint;
};

// A choice within a choice: both outer alternatives contain the inner one.
struct OuNoiseSample {
  static constexpr const char* kName = "ou";
  double theta = 0.15;
  template <class Archive>
  void Visit(Archive& ar) {
    ar("theta", theta, "Pull towards 0");
  }
};
struct WhiteNoiseSample {
  static constexpr const char* kName = "white";
  template <class Archive>
  void Visit(Archive&) {}
};
struct ExplorationSample {
  std::variant<WhiteNoiseSample, OuNoiseSample> noise;
  template <class Archive>
  void Visit(Archive& ar) {
    ar.Choice("noise", noise, "Kind of noise");
  }
};
struct ExplorerSample {
  ExplorationSample exploration;
  template <class Archive>
  void Visit(Archive& ar) {
    ar("exploration", exploration, "Noise on the actions");
  }
};
struct DdpgNoiseSample : ExplorerSample {
  static constexpr const char* kName = "DDPG";
};
struct Td3NoiseSample : ExplorerSample {
  static constexpr const char* kName = "TD3";
};
struct NestedSample {
  std::variant<DdpgNoiseSample, Td3NoiseSample> algorithm;
  template <class Archive>
  void Visit(Archive& ar) {
    ar.Choice("algorithm", algorithm, "Learning algorithm");
  }
};

const char* const kTopKeys =
    " (keys here: seed, steps, quiet, name, agent, parameters, tags, encoder)";

TEST_CASE("an unknown key is named with its place, its path and the nearest key") {
  const std::string td3_keys =
      " (keys here: algorithm, gamma, batch, policy_delay, schedule, actor)";
  for (const Case& c : std::vector<Case>{
           {"agent:\n  gama: 0.9",
            "2:3: agent.gama: unknown key with algorithm TD3; did you mean 'gamma'?" + td3_keys},
           {"agent: {actor: {hiden: [3]}}",
            "1:17: agent.actor.hiden: unknown key; did you mean 'hidden'? (keys here: hidden, "
            "activation, final_scale)"},
           {"xyz: 1", std::string("1:1: xyz: unknown key") + kTopKeys},
           {"gamma: 0.9",
            std::string("1:1: gamma: unknown key; did you mean 'agent.gamma'?") + kTopKeys},
           {"agent: {algorithm: SAC, policy_delay: 2}",
            "1:25: agent.policy_delay: unknown key with algorithm SAC; it applies to algorithm "
            "TD3"},
           {"\"seed\\n\": 1",
            std::string("1:1: seed\\x0A: unknown key; did you mean 'seed'?") + kTopKeys},
       }) {
    CHECK(Complaint(c.text) == "run.yaml:" + c.complaint);
  }
}

TEST_CASE("an alternative that two others share is named once") {
  CHECK_THROWS_WITH(
      ReadText<NestedSample>("exploration: {noise: white, theta: 0.1}", "run.yaml"),
      "run.yaml:1:29: exploration.theta: unknown key with noise white; it applies to noise ou");
}

TEST_CASE("a value of the wrong type is an error at the value") {
  for (
      const Case& c : std::vector<Case>{
          {"seed: abc", "1:7: seed: expected an integer, got 'abc'"},
          {"seed: 1.5", "1:7: seed: expected an integer, got '1.5'"},
          {"seed: '1'", "1:7: seed: expected an integer, got the text \"1\""},
          {"seed: [1]", "1:7: seed: expected an integer, got a list"},
          {"seed: {a: 1}", "1:7: seed: expected an integer, got a mapping"},
          {"name: x\nseed:\nsteps: 3", "2:1: seed: expected an integer, got no value"},
          {"seed: -1",
           "1:7: seed: '-1' does not fit; it must lie between 0 and 18446744073709551615"},
          {"agent: {batch: 3e9}",
           "1:16: agent.batch: '3e9' does not fit; it must lie between -2147483648 and 2147483647"},
          {"quiet: yes", "1:8: quiet: expected true or false, got 'yes'"},
          {"name: [a]", "1:7: name: expected text, got a list"},
          {"name: null", "1:1: name: expected text, got no value"},
          {"agent: {gamma: high}", "1:16: agent.gamma: expected a number, got 'high'"},
          {"agent: {gamma: 0x1}", "1:16: agent.gamma: expected a number, got '0x1'"},
          {"agent: {gamma: .nan}", "1:16: agent.gamma: expected a finite number, got '.nan'"},
          {"agent: {gamma: -.inf}", "1:16: agent.gamma: expected a finite number, got '-.inf'"},
          {"agent: {gamma: 1e999}", "1:16: agent.gamma: '1e999' is beyond the range of a double"},
          {"tags: x", "1:7: tags: expected a list, got 'x'; write [x] for a list of one"},
          {"tags: [a, [b]]", "1:11: tags[1]: expected text, got a list"},
          {"agent: 3", "1:8: agent: expected keys and values, got '3'"},
          {"agent:", "1:1: agent: empty; write keys below it, or omit it to use the defaults"},
          {"encoder: [3]", "1:10: encoder: expected keys and values, got a list"},
          {"parameters: 3", "1:13: parameters: expected named numbers, such as {mass: 1}, got '3'"},
          {"parameters: {m: x}", "1:17: parameters.m: expected a number, got 'x'"},
          {"parameters: {m: [[1, 2], [3]]}",
           "1:26: parameters.m[1]: this row and the first one differ in length"},
          {"parameters: {m: [[1], 2]}",
           "1:23: parameters.m[1]: expected a list, got '2'; write [2] for a list of one"},
      }) {
    CHECK(Complaint(c.text) == "run.yaml:" + c.complaint);
  }
}

TEST_CASE("a value out of range is an error at the value, in a list at the element") {
  for (const Case& c : std::vector<Case>{
           {"agent: {gamma: 1.5}",
            "1:16: agent.gamma: 1.5 is out of range; it must lie between 0 and 1"},
           {"steps: -1", "1:8: steps: -1 is out of range; it must be at least 0"},
           {"agent:\n  actor:\n    hidden: [64,\n      0]",
            "4:7: agent.actor.hidden[1]: 0 is out of range; it must be at least 1"},
           {"encoder: {final_scale: 0}",
            "1:24: encoder.final_scale: 0 is out of range; it must be above 0"},
           {"encoder: {activation: rleu}",
            "1:23: encoder.activation: unknown value 'rleu'; did you mean 'relu'? (nearest first: "
            "relu, silu, tanh)"},
           {"agent: {gama: 1, algorithm: td4}",
            "1:29: agent.algorithm: unknown choice 'td4'; did you mean 'TD3'? (nearest first: TD3, "
            "SAC)"},
           {"agent: {algorithm: [TD3]}", "1:20: agent.algorithm: expected text, got a list"},
       }) {
    CHECK(Complaint(c.text) == "run.yaml:" + c.complaint);
  }
  CHECK(Complaint("agent: {gamma: 0}").empty());
  CHECK(Complaint("agent: {gamma: 1}").empty());
  CHECK(Complaint("encoder: {final_scale: null}").empty());
}

TEST_CASE("invalid YAML, and YAML that could silently change a value, is an error") {
  for (const Case& c : std::vector<Case>{
           {"", "1:1: the config is empty; expected keys and values, such as 'seed: 1'"},
           {"# only a comment\n",
            "1:1: the config is empty; expected keys and values, such as 'seed: 1'"},
           {"- 1", "1:1: expected keys and values, such as 'seed: 1'"},
           {"text", "1:1: expected keys and values, such as 'seed: 1'"},
           {"seed: 1\nsteps: 2\nseed: 1", "3:1: seed: duplicate key, first in line 1"},
           {"agent:\n  gamma: 1\n  'gamma': 1", "3:3: agent.gamma: duplicate key, first in line 2"},
           {"seed: 1\n---\nseed: 2",
            "3:1: a second document begins here; a config is a single mapping"},
           {"seed: &s 1", "1:7: anchors (&name) are not supported; write the value itself"},
           {"seed: *s", "1:7: aliases (*name) are not supported; write the value itself"},
           {"agent: {<<: {gamma: 1}}",
            "1:9: merge keys (<<) are not supported; write the keys themselves"},
           {"seed: !!int 3", "1:7: tags ('tag:yaml.org,2002:int') are not supported"},
           {"[seed]: 1", "1:1: a key must be text, not a list or a mapping"},
           {"agent: {~: 1}", "1:9: a key must be text; put it in quotes"},
           {"seed: 1\ntags: [a,\n", "2:7: this '[' is not closed"},
           {"agent: {gamma: 1", "1:8: this '{' is not closed"},
           {"tags: [a}", "1:9: not valid YAML: illegal flow end"},
           {"name: \"x", "1:9: not valid YAML: illegal EOF in scalar"},
           {"name: a: b",
            "1:8: ':' is not allowed here; indent with spaces, and quote text that contains ': '"},
           {"agent:\n  gamma: 1\n batch: 2",
            "3:2: this does not belong here; check the indentation and the quotes"},
           {"name: \"é∇\" x",
            "1:12: this does not belong here; check the indentation and the quotes"},
           {"seed: 1\nname: é\xff", "2:8: not UTF-8 text: byte '\\xFF'"},
           {std::string("seed: 1\0", 8), "1:8: not UTF-8 text: byte '\\x00'"},
           {"seed: 1\x04", "1:8: not UTF-8 text: byte '\\x04'"},
       }) {
    CHECK(Complaint(c.text) == "run.yaml:" + c.complaint);
  }
}

TEST_CASE("the first problem of the file is reported, then those of the overrides in their order") {
  const std::string text = "tags: x\nsteps: y\nseed: z";
  CHECK(Complaint(text).starts_with("run.yaml:1:7: tags:"));
  CHECK(Complaint(text, {"tags=[]"}).starts_with("run.yaml:2:8: steps:"));
  CHECK(Complaint("seed: 1", {"steps=x", "seed=y"}).starts_with("--set steps=x: steps:"));
}

TEST_CASE("an invalid override is reported with its text") {
  for (const Case& c : std::vector<Case>{
           {"agent.gama=0.98",
            "agent.gama: unknown key with algorithm TD3; did you mean 'gamma'? (keys here: "
            "algorithm, gamma, batch, "
            "policy_delay, schedule, actor)"},
           {"gamma=0.98",
            std::string("gamma: unknown key; did you mean 'agent.gamma'?") + kTopKeys},
           {"agent.gamma=2", "agent.gamma: 2 is out of range; it must lie between 0 and 1"},
           {"agent.gamma", "expected KEY=VALUE, such as agent.gamma=0.98"},
           {"=1", "empty key; expected KEY=VALUE, such as agent.gamma=0.98"},
           {"agent..gamma=1", "empty key; expected KEY=VALUE, such as agent.gamma=0.98"},
           {"seed.x=1", "seed is not a mapping, so it has no key 'x'"},
           {"seed=", "seed: expected an integer, got no value"},
           {"seed=[1", "this '[' is not closed"},
           {"name=a: b: c",
            "':' is not allowed here; indent with spaces, and quote text that contains ': '"},
           {"agent={gamma: 1, gamma: 1}", "gamma: duplicate key"},
       }) {
    CHECK(Complaint("seed: 1", {c.text}) == "--set " + c.text + ": " + c.complaint);
  }
  CHECK(Complaint("seed: 1", {"seed=\"a\nb\""}) ==
        "--set seed=\"a\\x0Ab\": seed: expected an integer, got the text \"a b\"");
  std::string deep = "a";
  for (int i = 0; i < 50000; ++i) deep += ".a";
  CHECK(Complaint("seed: 1", {deep + "=1"}).ends_with("...: more than 100 keys deep"));
}

TEST_CASE("a file that cannot be read is reported with the most similar name") {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("nabla_config_" + std::to_string(std::random_device{}()));
  std::filesystem::create_directory(folder);
  const std::string present = (folder / "pendulum_td3.yaml").string();
  std::ofstream(present) << "seed: x\n";
  const std::string missing = (folder / "pendulm_td3.yaml").string();
  const std::string foreign = (folder / "other.txt").string();
  CHECK(FileComplaint(present) == present + ":1:7: seed: expected an integer, got 'x'");
  CHECK(FileComplaint(missing) == "cannot read '" + missing +
                                      "': No such file or directory; did you mean '" + present +
                                      "'?");
  CHECK(FileComplaint(foreign) == "cannot read '" + foreign + "': No such file or directory");
  CHECK(FileComplaint(folder.string()) == "cannot read '" + folder.string() + "': Is a directory");
  std::filesystem::remove_all(folder);
}

// One line, and fast: a careless reader needs quadratic time or the whole stack for some of these.
TEST_CASE("malicious text gives one line") {
  const auto repeated = [](const std::string& piece, std::size_t size) {
    std::string text;
    while (text.size() < size) text += piece;
    return text;
  };
  for (const char* piece :
       {"[",  "{",  "- ", "? ",  "a: ",  "&a ",     "!a ",   "* ",     "\"",   "'", "]",
        "}",  ",",  "#",  "[a,", "{a: ", "a: [\n",  "- a\n", "a: 1\n", "-\n ", "%", "---\n",
        "\t", "\r", "\n", "é",   "[[],", "a: &b\n", "'a'",   "\x7f",   "\xc3"}) {
    INFO(piece);
    const std::string complaint = Complaint(repeated(piece, 300'000));
    CHECK(complaint.starts_with("run.yaml:"));
    CHECK(complaint.find('\n') == std::string::npos);
    CHECK(complaint.size() < 500);
  }
  CHECK(Complaint(std::string(10'000'000, 'x')) == "run.yaml:1:1: larger than 4194304 bytes");
  CHECK(Complaint("tags: " + repeated("[", 101) + repeated("]", 101)) ==
        "run.yaml:1:106: nested more than 100 levels deep");
  CHECK(Complaint("tags: [" + repeated("abc, ", 300'000) + "]").empty());
}

TEST_CASE("a config with random damage is read, or rejected in one line") {
  const std::string junk =
      "[]{}:,-?&*!|>'\"%@`#\n\t \\~<0e.\x01\x04\xff\xc3" + std::string(1, '\0');
  const std::string whole = Write(RunSample{}, {.comments = true});
  std::mt19937_64 engine(7);
  int refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text = whole;
    for (std::size_t n = 1 + engine() % 4; n > 0; --n) {
      const std::size_t hit = engine() % text.size();
      text[hit] = junk[engine() % junk.size()];
      const std::size_t cut = engine() % text.size();
      text.erase(cut, engine() % 3);
    }
    const std::string complaint = Complaint(text);
    if (complaint.empty()) continue;
    ++refused;
    INFO(complaint);
    REQUIRE(complaint.starts_with("run.yaml:"));
    REQUIRE(complaint.find('\n') == std::string::npos);
  }
  CHECK(refused > 1000);
}

}  // namespace
}  // namespace nabla::config
