// Invalid command lines and task files give one line that names the place and exit code 2, and
// leave no files.
#include "tests/apps/program.h"
#include "tests/support/catch.h"

namespace nabla::test {
namespace {

namespace fs = std::filesystem;

struct Refusal {
  std::string line;
  std::vector<std::string> parts;  // of the message
};

void CheckRefusals(const Workplace& nabla, const std::vector<Refusal>& refusals) {
  const auto before = Snapshot(nabla.path());
  for (const Refusal& refusal : refusals) {
    INFO("nabla " << refusal.line);
    const ProcessResult result = nabla(refusal.line);
    INFO(result.err);
    CHECK(IsRefusal(result, refusal.parts));
    CHECK(Snapshot(nabla.path()) == before);
  }
}

TEST_CASE("Invalid usage is rejected with the nearest valid name") {
  const Workplace nabla;
  CheckRefusals(
      nabla,
      {
          {"trian task.yaml", {"unknown command 'trian'", "did you mean 'train'?", "evaluate"}},
          {"list", {"nabla list needs a command", "envs"}},
          {"list env", {"unknown command 'env'", "did you mean 'envs'?"}},
          {"config valid task.yaml", {"unknown command 'valid'", "did you mean 'validate'?"}},
          {"train", {"missing argument 'config': Task file", "nabla train --help"}},
          {"resume", {"missing argument 'run': Run folder"}},
          {"evaluate", {"missing argument 'run': Run folder"}},
          {"train task.yaml other.yaml", {"unexpected argument 'other.yaml'"}},
          {"train task.yaml --stesp 3", {"unknown option '--stesp'", "did you mean '--steps'?"}},
          {"train task.yaml --stesp=3", {"unknown option '--stesp'", "did you mean '--steps'?"}},
          {"--verbose train task.yaml", {"unknown option '--verbose'"}},
          {"evaluate runs/latest -x", {"unknown option '-x'"}},
          {"train task.yaml --steps", {"--steps", "nabla train --help"}},
          {"train task.yaml --steps 0", {"--steps: 0 is out of range", "at least 1"}},
          {"train task.yaml --steps -5", {"--steps: -5 is out of range"}},
          {"train task.yaml --steps many", {"--steps: expected an integer, got 'many'"}},
          {"train task.yaml --steps 1.5", {"--steps: expected an integer"}},
          {"train task.yaml --steps 99999999999999999999", {"--steps", "99999999999999999999"}},
          {"train task.yaml --threads 0", {"--threads: 0 is out of range", "1 and 256"}},
          {"train task.yaml --threads 257", {"--threads: 257 is out of range"}},
          {"train task.yaml --seed -1", {"--seed: '-1' does not fit"}},
          {"train task.yaml --seed 0x10", {"--seed: expected an integer"}},
          {"evaluate runs/latest --episodes 0", {"--episodes: 0 is out of range"}},
          {"evaluate runs/latest --seed one", {"--seed: expected an integer, got 'one'"}},
      });
  const ProcessResult nothing = nabla("");
  CHECK(nothing.exit_code == 2);
  CHECK_THAT(nothing.err, ContainsText("train") && ContainsText("Usage"));
}

TEST_CASE("Invalid overrides are rejected with their text, the key and the valid values") {
  const Workplace nabla;
  CheckRefusals(
      nabla,
      {
          {"train task.yaml --set agent.gamma", {"--set agent.gamma", "KEY=VALUE"}},
          {"train task.yaml --set =1", {"--set =1"}},
          {"train task.yaml --set", {"--set"}},
          {"train task.yaml --set agent..gamma=1", {"--set agent..gamma=1"}},
          {"train task.yaml --set agent.gama=1", {"agent.gama", "did you mean 'gamma'?"}},
          {"train task.yaml --set agent.gamma=[1", {"--set agent.gamma=[1"}},
          {"train task.yaml --set agent.gamma=high", {"agent.gamma", "a number, got 'high'"}},
          {"train task.yaml --set agent.gamma=1.5", {"agent.gamma", "between 0 and 1"}},
          {"train task.yaml --set agent.gamma=nan", {"agent.gamma"}},
          {"train task.yaml --set trainer.steps=0", {"trainer.steps", "at least 1"}},
          {"train task.yaml --set environment.name=Pendulum", {"'Pendulum'", "Pendulum-v1"}},
          {"train task.yaml --set agent.algorithm=TD4", {"'TD4'", "TD3"}},
          {"train task.yaml --set agent.algorithm=SAC --set agent.target_noise=0.1",
           {"agent.target_noise", "algorithm SAC", "applies to algorithm TD3"}},
          {"train task.yaml --set agent.algorithm=DDPG --set agent.policy_delay=2",
           {"agent.policy_delay", "algorithm DDPG", "applies to algorithm TD3, SAC"}},
          {"train task.yaml --set agent.algorithm=SAC --set agent.actor.output=tanh",
           {"agent.actor.output", "auto"}},
          {"train task.yaml --set agent.algorithm=TQC --set agent.critic.output=tanh",
           {"agent.critic.output", "auto"}},
          {"train task.yaml --set agent.algorithm=TQC --set agent.dropped_quantiles=25",
           {"agent.dropped_quantiles", "below", "25"}},
          {"train task.yaml --set agent.ensemble.target_subset=3",
           {"agent.ensemble.target_subset is 3", "agent.ensemble.size is 2"}},
          {"train task.yaml --set agent.actor.activation=rleu", {"'relu'?", "tanh", "silu"}},
          {"train task.yaml --set environment.parameters.mas=1", {"mas", "mass"}},
          {"train task.yaml --set environment.parameters.mass=-1", {"mass", "0.001"}},
          {"train task.yaml --set trainer.envs=400", {"capacity", "environments"}},
          {"train task.yaml --set trainer.buffer_size=1000000000"
           " --set environment.frame_history=500",
           {"trainer.buffer_size", "GiB"}},
      });
}

TEST_CASE("Invalid task files are rejected with file, line, column and key") {
  const Workplace nabla;
  Write(nabla / "syntax.yaml", "agent:\n  gamma: [0.9\n");
  Write(nabla / "key.yaml", "agent:\n  algorithm: TD3\n  gama: 0.9\n");
  Write(nabla / "type.yaml", "trainer:\n  steps: often\n");
  Write(nabla / "range.yaml", "agent:\n  algorithm: TD3\n  gamma: 2\n");
  Write(nabla / "section.yaml", "trainer: 5\n");
  Write(nabla / "environment.yaml", "environment: {name: Pendlum-v1}\n");
  Write(nabla / "algorithm.yaml", "agent: {algorithm: td3x}\n");
  Write(nabla / "activation.yaml", "agent: {algorithm: TD3, actor: {activation: relux}}\n");
  Write(nabla / "binary.yaml", std::string("\x7f"
                                           "ELF\0\x01\x02\xff",
                                           8));
  Write(nabla / "twice.yaml", "seed: 1\nseed: 2\n");
  fs::create_directory(nabla / "folder.yaml");
  std::vector<Refusal> refusals = {
      {"syntax.yaml", {"syntax.yaml:"}},
      {"key.yaml", {"key.yaml:3:3: agent.gama", "unknown key", "did you mean 'gamma'?"}},
      {"type.yaml", {"type.yaml:2:10: trainer.steps: expected an integer, got 'often'"}},
      {"range.yaml", {"range.yaml:3:10: agent.gamma: 2 is out of range"}},
      {"section.yaml", {"section.yaml:1:10: trainer"}},
      {"environment.yaml", {"environment.yaml:1:21: environment.name", "'Pendulum-v1'?"}},
      {"algorithm.yaml", {"algorithm.yaml:1:20: agent.algorithm", "TD3"}},
      {"activation.yaml", {"agent.actor.activation", "'relu'?", "softplus"}},
      {"binary.yaml", {"binary.yaml"}},
      {"twice.yaml", {"twice.yaml:2:1: seed: duplicate key"}},
      {"folder.yaml", {"folder.yaml", "Is a directory"}},
      {"tsk.yaml", {"tsk.yaml", "No such file", "did you mean 'task.yaml'?"}},
      {"nowhere/task.yaml", {"nowhere/task.yaml", "No such file"}},
      {"task.yaml/deeper", {"task.yaml/deeper", "Not a directory"}},
  };
  for (const char* command : {"train ", "config validate ", "config show "}) {
    std::vector<Refusal> with_command = refusals;
    for (Refusal& refusal : with_command) refusal.line = command + refusal.line;
    CheckRefusals(nabla, with_command);
  }
  CheckRefusals(nabla, {{"config diff task.yaml key.yaml", {"key.yaml:3:3"}}});
}

}  // namespace
}  // namespace nabla::test
