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
      {"nn/adam.cc", "\"nn/real.h\""},
      {"nn/adam.cc", "<Eigen/Core>"},
      {"nn/activation.cc", "<immintrin.h>"},
      {"envs/pendulum.cc", "<cmath>"},
      {"agent/td3.cc", "\"nn/network.h\""},
      {"agent/td3.cc", "\"envs/environment.h\""},
      {"agent/checkpoint.cc", "<nlohmann/json.hpp>"},
      {"agent/checkpoint.cc", "<fcntl.h>"},
      {"config/reader.cc", "<yaml-cpp/yaml.h>"},
      {"apps/nabla/main.cc", "<CLI/CLI.hpp>"},
      {"apps/nabla/main.cc", "\"agent/td3.h\""},
      {"apps/viewer/window.cc", "<SFML/Graphics.hpp>"},
      {"apps/experiment/schedule.cc", "<mpi.h>"},
      {"tests/support/catch.h", "<catch2/catch.hpp>"},
      {"benchmarks/gemm.cc", "<benchmark/benchmark.h>"},
  }));
  CAPTURE(c.path, c.include);
  CHECK(CheckIncludes(c.path, std::string("#include ") + c.include + "\n") == Violations{});
}

TEST_CASE("structure rules: what a folder must not include") {
  const Case c = GENERATE(values<Case>({
      {"nn/adam.cc", "\"agent/td3.h\""},
      {"nn/adam.cc", "\"envs/random.h\""},
      {"nn/adam.cc", "<nlohmann/json.hpp>"},
      {"nn/adam.cc", "<libxsmm.h>"},
      {"envs/pendulum.cc", "\"nn/real.h\""},
      {"envs/pendulum.cc", "<SFML/Graphics.hpp>"},
      {"envs/pendulum.cc", "<unistd.h>"},
      {"agent/td3.cc", "\"config/reader.h\""},
      {"agent/td3.cc", "\"apps/nabla/console.h\""},
      {"agent/td3.cc", "<spdlog/spdlog.h>"},
      {"agent/td3.cc", "<yaml-cpp/yaml.h>"},
      {"config/reader.cc", "\"agent/td3.h\""},
      {"config/reader.cc", "<Eigen/Core>"},
      {"apps/nabla/main.cc", "<SFML/Graphics.hpp>"},
      {"apps/nabla/main.cc", "<mpi.h>"},
      {"apps/nabla/main.cc", "<gnuplot-iostream.h>"},
      {
          "apps/nabla/main.cc",
          "\"tests/support/catch.h\"",
      },
      {"apps/viewer/window.cc", "<mpi.h>"},
      {"tests/nn/adam_test.cc", "<catch2/catch.hpp>"},
      {"benchmarks/gemm.cc", "\"apps/nabla/console.h\""},
      {"nn/adam.cc", "<boost/any.hpp>"},     // unknown to the table
      {"nn/adam.cc", "\"real.h\""},          // not from the root
      {"nn/adam.cc", "\"../agent/td3.h\""},  // around the table
      {"nn/adam.cc", "\"nn/../agent/td3.h\""},
      {"nn/adam.cc", "HEADER"},       // unreadable
      {"tools/plot.cc", "<vector>"},  // a folder unknown to the table
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
