// The products of nn/kernels/gemm.h against Eigen's, for every remainder of the tile sizes.
#include "nn/kernels/gemm.h"

#include "tests/support/catch.h"

using namespace nabla::nn;

namespace {

constexpr double kTolerance = sizeof(Real) == 4 ? 1e-4 : 1e-12;
const std::vector<Index> kSizes = {1, 2, 3, 5, 8, 15, 16, 17, 33, 64, 70, 100};

double Difference(const Matrix& a, const Matrix& b) {
  return static_cast<double>((a - b).cwiseAbs().maxCoeff());
}

// A block of a larger matrix, so that the leading dimension is not the number of rows.
struct Block {
  Block(Index r, Index c) : whole(Matrix::Random(r + 3, c)), rows(r) {}
  auto view() { return whole.middleRows(2, rows); }
  Matrix whole;
  Index rows;
};

}  // namespace

TEST_CASE("gemm: products equal Eigen's for every shape", "[nn]") {
  for (const Index m : kSizes) {
    for (const Index n : kSizes) {
      for (const Index k : {1, 4, 16, 37}) {
        CAPTURE(m, n, k);
        Block a(m, k), b(k, n), c(m, n), at(k, m), bt(n, k);
        const Vector bias = Vector::Random(m);

        const Matrix product = (a.view() * b.view()).colwise() + bias;
        MultiplyAdd(a.view(), b.view(), bias.data(), c.view());
        REQUIRE(Difference(c.view(), product) < kTolerance);
        MultiplyAdd(a.view(), b.view(), nullptr, c.view());
        REQUIRE(Difference(c.view(), a.view() * b.view()) < kTolerance);

        const Matrix before = c.view();
        AddMultiplyTranspose(a.view(), bt.view(), c.view());
        REQUIRE(Difference(c.view(), before + a.view() * bt.view().transpose()) < kTolerance);

        const Matrix border = c.whole.topRows(2);
        TransposeMultiply(at.view(), b.view(), c.view());
        REQUIRE(Difference(c.view(), at.view().transpose() * b.view()) < kTolerance);
        REQUIRE(c.whole.topRows(2) == border);  // nothing outside the block is written
      }
    }
  }
}

// Leading dimensions that are powers of two and inner dimensions of several blocks: the factors are
// packed.
TEST_CASE("gemm: large products equal Eigen's", "[nn]") {
  const double tolerance = 20 * kTolerance;
  for (const Index m : {40, 256, 515}) {
    for (const Index n : {14, 131, 256}) {
      for (const Index k : {256, 700}) {
        CAPTURE(m, n, k);
        const Matrix a = Matrix::Random(m, k), b = Matrix::Random(k, n);
        const Matrix product = a * b;
        const Vector bias = Vector::Random(m);
        Matrix c(m, n);
        MultiplyAdd(a, b, bias.data(), c);
        REQUIRE(Difference(c, product.colwise() + bias) < tolerance);
        TransposeMultiply(Matrix(a.transpose()), b, c);
        REQUIRE(Difference(c, product) < tolerance);
        AddMultiply(a, b, c);
        REQUIRE(Difference(c, 2 * product) < tolerance);
        AddMultiplyTranspose(a, Matrix(b.transpose()), c);
        REQUIRE(Difference(c, 3 * product) < tolerance);
      }
    }
  }
}

TEST_CASE("gemm: a row as the left operand, contiguous and spaced", "[nn]") {
  const Matrix row = Matrix::Random(1, 70);
  const Matrix x = Matrix::Random(70, 9);
  Matrix y(1, 9);
  const Real bias = 2;
  MultiplyAdd(row, x, &bias, y);
  REQUIRE(Difference(y, (row * x).array() + bias) < kTolerance);
  Matrix gradient = Matrix::Ones(1, 70);
  AddMultiplyTranspose(y, x, gradient);
  REQUIRE(Difference(gradient, Matrix::Ones(1, 70) + y * x.transpose()) < 10 * kTolerance);
}

TEST_CASE("gemm: a sample alone has the bits that it has in a batch", "[nn]") {
  const Index most = 53;
  for (const Index m : {1, 2, 3, 16, 17, 64, 100, 256}) {
    for (const Index k : {1, 5, 16, 37, 64, 100, 256, 600}) {
      const Matrix a = Matrix::Random(m, k), at = a.transpose(), b = Matrix::Random(k, most);
      const Vector bias = Vector::Random(m);
      const Matrix start = Matrix::Random(m, most);
      // All products with one sample per column, for the samples first … first + n − 1.
      const auto products = [&](Index first, Index n) {
        const auto x = b.middleCols(first, n);
        std::vector<Matrix> results(4, start.middleCols(first, n));
        MultiplyAdd(a, x, bias.data(), results[0]);
        MultiplyAdd(a, x, nullptr, results[1]);
        AddMultiply(a, x, results[2]);
        TransposeMultiply(at, x, results[3]);
        return results;
      };
      const std::vector<Matrix> alone = [&] {
        std::vector<Matrix> results(4, start);
        for (Index j = 0; j < most; ++j) {
          const auto one = products(j, 1);
          for (std::size_t p = 0; p < 4; ++p) results[p].col(j) = one[p];
        }
        return results;
      }();
      for (Index n = 2; n <= most; n += n < 41 ? 1 : 4) {
        const auto batch = products(most - n, n);
        for (std::size_t p = 0; p < 4; ++p) {
          CAPTURE(m, k, n, p);
          REQUIRE(batch[p] == alone[p].rightCols(n));
        }
      }
    }
  }
}
