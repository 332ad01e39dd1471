// The rules themselves: each lets through what it should and catches what it should.
#include "tests/structure/rules.h"

#include "tests/support/catch.h"

namespace nabla::structure {
namespace {

struct Case {
  const char* path;
  const char* include;
};

TEST_CASE("structure rules: what a folder may include") {
  const Case c = GENERATE(values<Case>({
      {"nn/optimizers/adam.cc", "\"nn/kernels/real.h\""},
      {"nn/optimizers/adam.cc", "<Eigen/Core>"},
      {"nn/kernels/activation.cc", "<immintrin.h>"},
      {"envs/models/pendulum.cc", "<cmath>"},
      {"agent/algorithms/td3.cc", "\"nn/network/network.h\""},
      {"agent/algorithms/td3.cc", "\"envs/core/environment.h\""},
      {"agent/run/checkpoint.cc", "<nlohmann/json.hpp>"},
      {"agent/run/checkpoint.cc", "<fcntl.h>"},
      {"config/reader.cc", "<yaml-cpp/yaml.h>"},
      {"apps/nabla/main.cc", "<CLI/CLI.hpp>"},
      {"apps/nabla/main.cc", "\"agent/algorithms/td3.h\""},
      {"apps/viewer/window/window.cc", "<SFML/Graphics.hpp>"},
      {"apps/experiment/execution/mpi_ranks.cc", "<mpi.h>"},
      {"apps/experiment/experiment.cc", "\"apps/experiment/report/report.h\""},
      {"apps/viewer/drawing/surface.cc", "<cairo.h>"},
      {"nn/layers/gru.cc", "\"nn/kernels/gemm.h\""},
      {"agent/run/session.cc", "\"agent/training/trainer.h\""},
      {"tests/support/catch.h", "<catch2/catch.hpp>"},
      {"benchmarks/gemm.cc", "<benchmark/benchmark.h>"},
  }));
  CAPTURE(c.path, c.include);
  CHECK(CheckIncludes(c.path, std::string("#include ") + c.include + "\n") == Violations{});
}

TEST_CASE("structure rules: what a folder must not include") {
  const Case c = GENERATE(values<Case>({
      {"nn/optimizers/adam.cc", "\"agent/algorithms/td3.h\""},
      {"nn/optimizers/adam.cc", "\"envs/core/random.h\""},
      {"nn/optimizers/adam.cc", "<nlohmann/json.hpp>"},
      {"nn/optimizers/adam.cc", "<libxsmm.h>"},
      {"envs/models/pendulum.cc", "\"nn/kernels/real.h\""},
      {"envs/models/pendulum.cc", "<SFML/Graphics.hpp>"},
      {"envs/models/pendulum.cc", "<unistd.h>"},
      {"agent/algorithms/td3.cc", "\"config/reader.h\""},
      {"agent/algorithms/td3.cc", "\"apps/nabla/console.h\""},
      {"agent/algorithms/td3.cc", "<spdlog/spdlog.h>"},
      {"agent/algorithms/td3.cc", "<yaml-cpp/yaml.h>"},
      {"config/reader.cc", "\"agent/algorithms/td3.h\""},
      {"config/reader.cc", "<Eigen/Core>"},
      {"apps/nabla/main.cc", "<SFML/Graphics.hpp>"},
      {"apps/nabla/main.cc", "<mpi.h>"},
      {"apps/nabla/main.cc", "<gnuplot-iostream.h>"},
      {
          "apps/nabla/main.cc",
          "\"tests/support/catch.h\"",
      },
      {"apps/viewer/window/window.cc", "<mpi.h>"},
      {"apps/viewer/playback/player.cc", "<SFML/Graphics.hpp>"},
      {"apps/viewer/playback/player.cc", "\"apps/viewer/drawing/painter.h\""},
      {"apps/experiment/plan/plan.cc", "\"apps/experiment/report/report.h\""},
      {"nn/layers/gru.cc", "\"nn/network/network.h\""},
      {"envs/core/model.h", "\"envs/registry/registry.h\""},
      {"agent/policy/policy.cc", "\"agent/learning/critics.h\""},
      {"agent/policy/policy.cc", "<unistd.h>"},
      {"agent/algorithms/td3.cc", "\"agent/run/session.h\""},
      {"agent/sideways/td3.cc", "\"agent/policy/policy.h\""},  // a folder without a row
      {"tests/nn/adam_test.cc", "<catch2/catch.hpp>"},
      {"benchmarks/gemm.cc", "\"apps/nabla/console.h\""},
      {"nn/optimizers/adam.cc", "<boost/any.hpp>"},     // unknown to the table
      {"nn/optimizers/adam.cc", "\"real.h\""},          // not from the root
      {"nn/optimizers/adam.cc", "\"../agent/td3.h\""},  // around the table
      {"nn/optimizers/adam.cc", "\"nn/../agent/td3.h\""},
      {"nn/optimizers/adam.cc", "HEADER"},  // unreadable
      {"tools/plot.cc", "<vector>"},        // a folder unknown to the table
  }));
  CAPTURE(c.path, c.include);
  CHECK(CheckIncludes(c.path, std::string("#include ") + c.include + "\n").size() == 1);
}

TEST_CASE("structure rules: an include is found however it is written, and its line named") {
  CHECK(CheckIncludes("nn/a.cc", "\n  #  include\t<mpi.h>  // why\n") ==
        Violations{"nn/a.cc:2: nn/ must not know MPI (<mpi.h>)"});
  CHECK(CheckIncludes("nn/a.cc", "#include <mpi.h>").size() == 1);  // no newline at the end
  CHECK(CheckIncludes("nn/a.cc", "// #include <mpi.h>\n").empty());
}

TEST_CASE("structure rules: a header needs #pragma once") {
  CHECK(CheckPragmaOnce("nn/a.h", "// A.\n#pragma once\n").empty());
  CHECK(CheckPragmaOnce("nn/a.h", "// Not #pragma once\n").size() == 1);
  CHECK(CheckPragmaOnce("nn/a.cc", "").empty());
}

TEST_CASE("structure rules: a file has at most 400 lines") {
  std::string text;
  for (int i = 0; i < kMaxLines; ++i) text += "\n";
  CHECK(CheckLength("nn/a.cc", text).empty());
  CHECK(CheckLength("nn/a.cc", text + "x").size() == 1);
}

TEST_CASE("structure rules: Check applies every rule") {
  std::string text = "#include <mpi.h>\n";
  for (int i = 0; i < kMaxLines; ++i) text += "\n";
  CHECK(Check("nn/a.h", text).size() == 3);
}

}  // namespace
}  // namespace nabla::structure
