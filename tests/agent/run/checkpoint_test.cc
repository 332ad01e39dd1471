#include "agent/run/checkpoint.h"

#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <thread>

#include "agent/state/state_files.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace nabla::agent {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test::IsLineWith;
using test::MessageOf;
using test::TempFolder;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// A component with a value of every kind, derived from `seed`.
struct Sample {
  explicit Sample(int seed) : rng(static_cast<std::uint64_t>(seed)), number(seed) {
    parameters.setLinSpaced(static_cast<float>(seed), static_cast<float>(seed + 1));
    block.setConstant(static_cast<float>(seed));
    double_state.setConstant(seed / 3.0);
    replay.setConstant(static_cast<float>(-seed));
    count = 3;
    text = "seed \"" + std::to_string(seed) + "\"\n∇";
  }

  void State(const StateArchive& archive) {
    const StateArchive actor = archive.Group("actor", TensorFile::kNetworks);
    actor.Weight("layers.0.weight", Eigen::Map<Eigen::MatrixXf>(parameters.data(), 2, 3));
    actor("layers.0.bias", parameters.tail(2));
    const StateArchive adam = archive.Group("actor").Group("adam", TensorFile::kOptimizer);
    adam("m", block.middleRows(1, 2));  // spaced columns
    adam("step", step);
    const StateArchive buffer = archive.Group("replay", TensorFile::kReplay);
    buffer("count", count);
    buffer.Columns("data", replay, count);
    buffer("environment", double_state);
    archive("rng", rng);
    archive("number", number);
    archive("flag", flag);
    archive("words", words);
    archive("text", text);
    archive("real", real);
    archive("single", single);
    archive("list", list);
    archive.WallClock()("seconds", seconds);
  }

  // The whole state as bits.
  std::string Bits() {
    StateSaver saver(false);
    State(StateArchive(saver));
    const TempFolder folder;
    saver.WriteTo(folder.path(), "latest", 0, Json::object());
    return ReadFile(folder / "state.json");  // contains the checksums of the tensors
  }

  Eigen::VectorXf parameters = Eigen::VectorXf(8);
  Eigen::MatrixXf block = Eigen::MatrixXf(4, 3);
  Eigen::VectorXd double_state = Eigen::VectorXd(2);
  Eigen::MatrixXf replay = Eigen::MatrixXf(2, 5);
  std::int64_t count = 0;
  std::int64_t step = -1;
  Rng rng;
  int number = 0;
  bool flag = true;
  std::uint64_t words = std::numeric_limits<std::uint64_t>::max();
  std::string text;
  double real = -0.0;
  float single = 0.1f;
  std::vector<double> list = {0.1, kInfinity};
  double seconds = 1.5;
};

StateFunction StateOf(Sample& sample) {
  return [&](StateArchive& archive) { sample.State(archive); };
}

void Write(CheckpointStore& store, CheckpointKind kind, int step) {
  Sample sample(step);
  store.Write(kind, step, StateOf(sample), {{"algorithm", "td3"}});
}

// Reads `which`, checks that everything belongs to one step, and returns that step.
std::int64_t RestoredStep(const CheckpointStore& store, const std::string& which) {
  StateLoader loader = store.Open(which);
  Sample restored(-1);
  loader.Restore(StateOf(restored));
  CHECK(restored.Bits() == Sample(restored.number).Bits());
  CHECK(loader.step() == restored.number);
  return loader.step();
}

void Damage(const fs::path& path) {
  std::string content = ReadFile(path);
  content[content.size() - 3] ^= 1;
  WriteFileAtomically(path, content);
}

TEST_CASE("Every kind of state is restored bit for bit") {
  const TempFolder folder;
  Sample saved(7);
  saved.double_state << std::nan(""), -kInfinity;
  saved.parameters[3] = -0.0f;
  CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
  for (const double value : {0.0, -0.0, 0.1, 1.0 / 3.0, 1e22, 5e-324, 2.2250738585072014e-308,
                             std::numeric_limits<double>::max(), kInfinity, -kInfinity,
                             std::bit_cast<double>(std::uint64_t{0xfff8000000000123})}) {
    saved.real = value;
    saved.single = static_cast<float>(value);
    saved.list = {value, -value};
    store.Write(CheckpointKind::kLatest, 7, StateOf(saved), Json::object());
    Sample restored(1);
    store.Open("latest").Restore(StateOf(restored));
    CHECK(std::bit_cast<std::uint64_t>(restored.real) == std::bit_cast<std::uint64_t>(value));
    CHECK(std::bit_cast<std::uint32_t>(restored.single) ==
          std::bit_cast<std::uint32_t>(saved.single));
    // Rows 0 and 3 of `block` and columns 3 and 4 of `replay` are not part of the state.
    CHECK(restored.block(0, 0) == 1);
    CHECK(restored.replay(0, 3) == -1);
    CHECK(restored.replay.leftCols(3) == saved.replay.leftCols(3));
    CHECK(restored.rng.state() == saved.rng.state());
    CHECK(restored.Bits() == saved.Bits());
  }
}

TEST_CASE("Weights are stored in the layout of PyTorch, other matrices as in memory") {
  const TempFolder folder;
  CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
  Eigen::MatrixXf matrix(2, 3);
  matrix << 1, 2, 3,  //
      4, 5, 6;
  store.Write(
      CheckpointKind::kLatest, 0,
      [&](StateArchive& archive) {
        const StateArchive group = archive.Group("g", TensorFile::kNetworks);
        group.Weight("weight", matrix);
        group("matrix", matrix);
      },
      Json::object());
  const SafetensorsFile file(InputFile(folder.path() / "latest" / "networks.safetensors"));
  const auto values = [&](const std::string& name, std::vector<std::int64_t> shape) {
    std::vector<float> out(6);
    file.Read(name, {DType::kF32, std::move(shape)}, std::as_writable_bytes(std::span(out)));
    return out;
  };
  CHECK(values("g.weight", {2, 3}) == std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK(values("g.matrix", {3, 2}) == std::vector<float>{1, 4, 2, 5, 3, 6});
}

TEST_CASE("latest and best are replaced, and kept steps stay") {
  const TempFolder folder;
  CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
  Write(store, CheckpointKind::kLatest, 1000);
  Write(store, CheckpointKind::kBest, 1000);
  Write(store, CheckpointKind::kKept, 1000);
  Write(store, CheckpointKind::kLatest, 2000);
  Write(store, CheckpointKind::kKept, 2000);
  Write(store, CheckpointKind::kLatest, 2000);  // the same step once more
  Write(store, CheckpointKind::kLatest, 2000);
  Write(store, CheckpointKind::kBest, 1500);
  Write(store, CheckpointKind::kKept, 1000);
  CHECK(store.Describe() == "latest (step 2000), best (step 1500), 1000, 2000");
  CHECK(ListFolder(folder.path()) == std::vector<std::string>{"best", "best_1500", "kept_1000.2",
                                                              "kept_2000", "latest",
                                                              "step_2000.3"});
  CHECK(RestoredStep(store, "latest") == 2000);
  CHECK(RestoredStep(store, "2000") == 2000);  // the full checkpoint, not the policy

  CHECK(ListFolder(folder / "best") ==
        std::vector<std::string>{"networks.safetensors", "state.json"});
  StateLoader best = store.Open("best");
  Eigen::MatrixXf weight(2, 3);
  best.archive().Group("actor", TensorFile::kNetworks).Weight("layers.0.weight", weight);
  CHECK(weight(0, 0) == 1500);
  CHECK(best.metadata()["algorithm"] == "td3");
  Sample sample(1);
  CHECK(IsLineWith(MessageOf<InputError>([&] { best.Restore(StateOf(sample)); }), "best_1500",
                   "optimizer.safetensors", "resume from 'latest'"));
  CHECK(store.Open("1000").is_policy());
}

TEST_CASE("The message about a missing checkpoint lists the available ones") {
  const TempFolder folder;
  const CheckpointStore nowhere(folder / "nowhere", CheckpointStore::Access::kRead);
  CHECK(IsLineWith(MessageOf<InputError>([&] { nowhere.Open("latest"); }), "latest", "nowhere",
                   "none"));
  CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
  Write(store, CheckpointKind::kKept, 1000);
  for (const char* which : {"best", "999", "1000x", "-1", "", "kept_1000"}) {
    CHECK(IsLineWith(MessageOf<InputError>([&] { store.Open(which); }), which, "available: 1000"));
  }
}

TEST_CASE("The digest does not depend on the clock") {
  const TempFolder folder;
  CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
  const auto digest = [&](auto change) {
    Sample sample(5);
    change(sample);
    store.Write(CheckpointKind::kLatest, 5, StateOf(sample), Json::object());
    return store.Open("latest").Digest();
  };
  const std::string same = digest([](Sample&) {});
  CHECK(digest([](Sample&) {}) == same);
  CHECK(digest([](Sample& sample) { sample.seconds = 99; }) == same);
  CHECK(digest([](Sample& sample) { sample.step = 99; }) != same);
  CHECK(digest([](Sample& sample) { sample.replay(0, 0) = 99; }) != same);
}

TEST_CASE("A damaged file of a checkpoint is rejected with its name") {
  const TempFolder folder;
  CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
  for (const std::string name :
       {"networks.safetensors", "optimizer.safetensors", "replay.safetensors", "state.json"}) {
    const auto error = [&] {
      return MessageOf<InputError>([&] { RestoredStep(store, "latest"); });
    };
    Write(store, CheckpointKind::kLatest, 1);
    CHECK(error().empty());
    Damage(folder.path() / "latest" / name);
    CHECK(IsLineWith(error(), name, "damaged"));
    WriteFileAtomically(folder.path() / "latest" / name, "short");
    CHECK(IsLineWith(error(), name));
    fs::remove(folder.path() / "latest" / name);
    CHECK(IsLineWith(error(), name));
  }
}

TEST_CASE("A changed value in state.json is rejected") {
  const TempFolder folder;
  CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
  Write(store, CheckpointKind::kLatest, 1);
  const fs::path path = folder.path() / "latest" / "state.json";
  Json document = Json::parse(ReadFile(path));
  const auto error = [&](const Json& changed) {
    WriteFileAtomically(path, changed.dump());
    return MessageOf<InputError>([&] { RestoredStep(store, "latest"); });
  };
  CHECK(error(document).empty());
  Json changed = document;
  changed["state"]["number"] = 2;
  CHECK(IsLineWith(error(changed), "state.json", "damaged"));
  changed = document;
  changed["format_version"] = 99;
  CHECK(IsLineWith(error(changed), "state.json", "version 99"));
  changed = document;
  changed["state"]["number"] = "two";
  changed["xxh64"] = ChecksumOf(changed);
  CHECK(IsLineWith(error(changed), "state.json", "number", "\"two\"", "an integer"));
  changed = document;
  changed["state"].erase("number");
  changed["xxh64"] = ChecksumOf(changed);
  CHECK(IsLineWith(error(changed), "state.json", "no value number"));
  CHECK(IsLineWith(error({{"a", 1}}), "state.json", "not the state of a nabla checkpoint"));
}

TEST_CASE("A checkpoint of another configuration is rejected") {
  const TempFolder folder;
  CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
  Write(store, CheckpointKind::kLatest, 1);
  Sample sample(1);
  const auto error = [&] {
    return MessageOf<InputError>([&] { store.Open("latest").Restore(StateOf(sample)); });
  };
  sample.double_state.resize(3);
  CHECK(IsLineWith(error(), "replay.safetensors", "replay.environment", "F64 [2]", "F64 [3]"));
  sample.double_state.resize(2);
  sample.replay.resize(2, 2);
  CHECK(IsLineWith(error(), "replay.data", "3 columns", "room for 2"));

  StateLoader loader = store.Open("latest");
  int number = 0;
  CHECK(IsLineWith(MessageOf<InputError>([&] {
                     loader.Restore([&](StateArchive& archive) { archive("number", number); });
                   }),
                   "state.json holds", "another configuration"));
}

TEST_CASE("A component with wrong names of its state is rejected") {
  StateSaver saver(false);
  const StateArchive archive(saver);
  int number = 0;
  Eigen::VectorXf vector(2);
  archive("number", number);
  CHECK(IsLineWith(MessageOf<std::logic_error>([&] { archive("number", number); }), "number"));
  CHECK(IsLineWith(MessageOf<std::logic_error>([&] { archive("vector", vector); }), "vector",
                   "Group"));
}

TEST_CASE("The next writer deletes the leftovers of a killed one") {
  const TempFolder folder;
  {
    CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
    Write(store, CheckpointKind::kLatest, 1);
    Write(store, CheckpointKind::kKept, 1);
  }
  fs::create_directory(folder / ".tmp_step_2");
  WriteFileAtomically(folder.path() / ".tmp_step_2" / "networks.safetensors", "half");
  fs::create_directory_symlink("step_2", folder / ".tmp_latest_1_1");
  fs::copy(folder / "step_1", folder / "step_2");  // renamed, but the link not yet moved
  fs::copy(folder / "kept_1", folder / "kept_1.2");
  const std::vector<std::string> clean = {"kept_1.2", "latest", "step_1"};

  SECTION("a reader changes nothing") {
    const std::vector<std::string> before = ListFolder(folder.path());
    CheckpointStore reader(folder.path(), CheckpointStore::Access::kRead);
    CHECK(RestoredStep(reader, "latest") == 1);
    CHECK_THROWS_AS(Write(reader, CheckpointKind::kLatest, 3), std::logic_error);
    CHECK(ListFolder(folder.path()) == before);
  }
  SECTION("a writer tidies up") {
    CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
    CHECK(ListFolder(folder.path()) == clean);
    CHECK(RestoredStep(store, "latest") == 1);
  }
  SECTION("the first checkpoint is found even without its link") {
    fs::remove(folder / "latest");
    fs::remove_all(folder / "step_2");
    CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
    CHECK(RestoredStep(store, "latest") == 1);
    CHECK(ListFolder(folder.path()) == clean);
  }
}

TEST_CASE("A superseded checkpoint stays readable while it is open") {
  const TempFolder folder;
  CheckpointStore store(folder.path(), CheckpointStore::Access::kWrite);
  Write(store, CheckpointKind::kLatest, 1);
  StateLoader loader = store.Open("latest");
  Write(store, CheckpointKind::kLatest, 2);
  Sample restored(3);
  loader.Restore(StateOf(restored));
  CHECK(restored.number == 1);
  CHECK(RestoredStep(store, "latest") == 2);
}

TEST_CASE("A reader always finds a complete checkpoint while a writer replaces it") {
  const TempFolder folder;
  CheckpointStore writer(folder.path(), CheckpointStore::Access::kWrite);
  Write(writer, CheckpointKind::kLatest, 0);
  std::atomic<bool> stop = false;
  std::thread writing([&] {
    for (int step = 1; !stop; ++step) Write(writer, CheckpointKind::kLatest, step);
  });
  const CheckpointStore reader(folder.path(), CheckpointStore::Access::kRead);
  std::int64_t reached = 0;
  std::string error;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  while (error.empty() && std::chrono::steady_clock::now() < end) {
    error = MessageOf<std::exception>([&] { reached = reader.Open("latest").step(); });
  }
  stop = true;
  writing.join();
  CHECK(error == "");
  CHECK(reached > 0);
}

}  // namespace
}  // namespace nabla::agent
