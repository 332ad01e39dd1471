// The search for values that are not finite, and updates with such values.
#include "agent/training/non_finite.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include "agent/learning/update_metrics.h"
#include "tests/support/catch.h"

using namespace nabla;
using namespace nabla::agent;

TEST_CASE("non-finite: the first tensor is named, integer tensors are skipped", "[agent]") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Eigen::VectorXd doubles = Eigen::VectorXd::Ones(3);
  Eigen::MatrixXf floats = Eigen::MatrixXf::Ones(2, 2);
  // As float or double, these bits are NaN and infinity.
  Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1> integers(2);
  integers << -1, 0x7ff0'0000'7f80'0000;
  const auto find = [&] {
    return FirstNonFinite([&](const StateArchive& archive) {
      const StateArchive group = archive.Group("all", TensorFile::kReplay);
      group("integers", integers);
      group("floats", floats.topRows(1));
      group("doubles", doubles);
    });
  };
  CHECK(find() == "");
  floats(1, 0) = std::numeric_limits<float>::quiet_NaN();  // outside the block
  CHECK(find() == "");
  doubles[2] = kInfinity;
  CHECK(find() == "all.doubles");
  floats(0, 1) = -std::numeric_limits<float>::infinity();
  CHECK(find() == "all.floats");
}

TEST_CASE("update metrics: errors that are not finite are left out of the quantiles", "[agent]") {
  Batch batch(1, 1, 4);
  UpdateMetrics metrics(4);
  batch.td_error() << 1, 2, 3, 4;
  metrics.AddCritics(16, 0.5, Matrix::Ones(1, 4), batch);
  batch.td_error() << NAN, 2, NAN, 4;
  metrics.AddCritics(32, NAN, Matrix::Ones(1, 4), batch);
  for (const Metric& metric : metrics.list()) {
    CAPTURE(metric.name);
    if (metric.name == "td_median") CHECK(metric.Mean() == 2);
    if (metric.name == "td_high") CHECK(metric.Mean() == 3);
    if (metric.name == "critic_loss") CHECK(!std::isfinite(metric.sum));
  }
}
