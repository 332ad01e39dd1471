// nabla inspect, linearize, check-env and draw, from outside.
#include <Eigen/Dense>
#include <cmath>

#include "tests/apps/program.h"
#include "tests/support/catch.h"

using namespace nabla::test;

namespace {

using Json = nlohmann::json;

Json Ask(const Workplace& nabla, const std::string& line) {
  return Json::parse(nabla.Succeed(line + " --json").out);
}

double Action(const Workplace& nabla, double theta_dot) {
  return Ask(nabla, "inspect run --observation 0.5,0.8," + std::to_string(theta_dot))
      .at("action")
      .at(0)
      .get<double>();
}

Eigen::MatrixXd ToMatrix(const Json& rows) {
  Eigen::MatrixXd matrix(rows.size(), rows.at(0).size());
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) {
      matrix(i, j) = rows.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(j));
    }
  }
  return matrix;
}

}  // namespace

TEST_CASE("inspect gives the policy's derivatives, for a run and for a task file") {
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  const Json at = Ask(nabla, "inspect run --observation 0.5,0.8,0.1 --check");
  CHECK(at.at("dq_da").size() == 1);
  REQUIRE(at.at("da_do").size() == 1);
  REQUIRE(at.at("da_do").at(0).size() == 3);
  // The gain is the slope of the actions that inspect itself gives, to float's precision.
  const double h = 0.05;
  const double slope = (Action(nabla, 0.1 + h) - Action(nabla, 0.1 - h)) / (2 * h);
  CHECK(at.at("da_do").at(0).at(2).get<double>() == Approx(slope).margin(2e-4));
  CHECK(at.at("environment_action").at(0).get<double>() ==
        Approx(2 * at.at("action").at(0).get<double>()));
  CHECK(at.at("layers").size() == 9);  // three networks of three layers
  for (const Json& layer : at.at("layers")) CHECK(layer.at("weight_jacobian_norm") > 0.0);
  CHECK(at.at("checks").size() > 30);
  for (const Json& check : at.at("checks")) {
    CAPTURE(check.dump());
    CHECK(check.at("worst_relative_error").get<double>() <= 1e-7);
  }
  CHECK(Ask(nabla, "inspect task.yaml --observation 0.5,0.8,0.1").at("action").size() == 1);
  CHECK(nabla.Succeed("inspect run --check").out.find("worst relative error") != std::string::npos);
}

TEST_CASE("inspect and linearize work for every algorithm") {
  const Workplace nabla;
  for (const std::string& line : Lines(nabla.Succeed("list algorithms").out)) {
    const std::string name = Words(line).at(0);
    CAPTURE(name);
    nabla.Succeed("train task.yaml --quiet --run-dir " + name + " --set agent.algorithm=" + name);
    const Json at = Ask(nabla, "inspect " + name + " --observation 0.5,0.8,0.1 --check");
    CHECK(std::abs(at.at("action").at(0).get<double>()) <= 1);
    CHECK(at.at("layers").size() == (name == "DDPG" ? 6 : 9));  // networks of three layers
    for (const Json& check : at.at("checks")) {
      CHECK(check.at("worst_relative_error").get<double>() <= 1e-7);
    }
    CHECK(Ask(nabla, "linearize " + name + " --state 0,0").contains("spectral_radius"));
  }
}

TEST_CASE("linearize gives the closed loop that its own matrices make") {
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  const Json loop = Ask(nabla, "linearize run --state 0,0");
  const Eigen::MatrixXd a = ToMatrix(loop.at("A")), b = ToMatrix(loop.at("B"));
  // Pendulum-v1 at the top, h = 0.05 s: θ̇' = θ̇ + h (15 θ + 3 u), θ' = θ + h θ̇'.
  CHECK((a - Eigen::Matrix2d{{1.0375, 0.05}, {0.75, 1}}).norm() < 1e-12);
  CHECK((b - Eigen::Vector2d(0.0075, 0.15)).norm() < 1e-12);
  const Eigen::MatrixXd closed = a + b * ToMatrix(loop.at("K"));
  const double radius = closed.eigenvalues().cwiseAbs().maxCoeff();
  CHECK(loop.at("spectral_radius").get<double>() == Approx(radius));
  CHECK(loop.at("stable").get<bool>() == (radius < 1));
  CHECK(loop.at("slowest_mode_seconds").get<double>() == Approx(0.05 / std::abs(std::log(radius))));
  CHECK(nabla.Succeed("linearize run").out.find("The closed loop is") != std::string::npos);
}

TEST_CASE("inspect and linearize refuse what does not fit in one line") {
  const Workplace nabla;
  nabla.Succeed("train task.yaml --quiet --run-dir run");
  for (const char* line :
       {"inspect run --observation 1,2", "inspect run --observation 1,2,x",
        "inspect run --observation 1,2,nan", "inspect run --checkpoint 12345", "inspect nowhere",
        "linearize run --state 1,2,3", "linearize run --state ,", "check-env Pendulum",
        "draw Pendulum", "draw Pendulum-v1 --state 1"}) {
    CAPTURE(line);
    const ProcessResult result = nabla(line);
    CHECK(result.exit_code == 2);
    CHECK(Lines(result.err).size() == 1);
    CHECK(result.out.empty());
  }
}

TEST_CASE("check-env works for every environment") {
  const Workplace nabla;
  std::vector<std::string> names = Lines(nabla.Succeed("list envs").out);
  names.erase(names.begin());  // the header
  for (const std::string& line : names) {
    const std::string name = Words(line).at(0);
    CAPTURE(name);
    CHECK(nabla.Succeed("check-env " + name).out.find("every law holds") != std::string::npos);
    CHECK(nabla.Succeed("list envs " + name).out.find("observation") != std::string::npos);
  }
}
