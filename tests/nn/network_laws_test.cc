// Every derivative of every layer and of networks against central differences (double).
#include <cstdlib>

#include "nn/kernels/activation.h"
#include "nn/layers/layers.h"
#include "nn/network/network_config.h"
#include "tests/nn/laws.h"
#include "tests/support/catch.h"
#include "tests/support/finite_difference.h"

using namespace nabla::nn;
using nabla::test::CheckFirstDerivatives;
using nabla::test::CheckSecondDerivatives;
using nabla::test::IsSmooth;

namespace {

Network WithRandomParameters(Network network, double scale = 0.7) {
  network.parameters() = scale * Vector::Random(network.parameter_count());
  return network;
}

Network RandomNetwork(const NetworkConfig& config, Index in, Index out, const std::string& last) {
  return WithRandomParameters(MakeNetwork(config, in, out, last));
}

// The layer alone, and between two others, so that its cotangent is not a unit vector.
std::vector<NetworkSpec> Settings(const LayerSpec& layer) {
  const LayerSpec before = {"linear", 3, layer.input_size, "tanh", {}};
  const LayerSpec after = {"linear", layer.output_size, 2, "sin", {}};
  return {{layer.input_size, {layer}}, {3, {before, layer, after}}};
}

template <class Check>
void ForEveryLayer(const Check& check) {
  std::srand(1);  // the same points in every run, away from the kinks
  for (const LayerKind& kind : LayerKinds()) {
    REQUIRE_FALSE(kind.examples.empty());
    for (const LayerSpec& example : kind.examples) {
      for (const NetworkSpec& spec : Settings(example)) {
        CAPTURE(example.Text(), spec.layers.size());
        check(WithRandomParameters(MakeNetwork(spec)), IsSmooth(spec));
      }
    }
  }
}

}  // namespace

TEST_CASE("laws: first derivatives of every layer equal central differences", "[nn][laws]") {
  ForEveryLayer([](const Network& network, bool smooth) {
    CheckFirstDerivatives(network, 1, smooth);
    CheckFirstDerivatives(network, 4, smooth);
  });
}

TEST_CASE("laws: second derivatives of every layer equal central differences", "[nn][laws]") {
  ForEveryLayer(
      [](const Network& network, bool smooth) { CheckSecondDerivatives(network, 3, smooth); });
}

TEST_CASE("laws: a layer is rebuilt from its specification", "[nn]") {
  ForEveryLayer([](const Network& network, bool) {
    Network again = MakeNetwork(network.Spec());
    again.parameters() = network.parameters();
    const Matrix x = Matrix::Random(network.input_size(), 2);
    Tape tape = network.MakeTape(2), other = again.MakeTape(2);
    REQUIRE(network.Evaluate(x, tape) == again.Evaluate(x, other));
  });
}

TEST_CASE("laws: networks of every activation, hidden and last", "[nn][laws]") {
  std::srand(1);
  for (const std::string& name : ActivationNames()) {
    CAPTURE(name);
    const bool smooth = name == "softmax" || FindActivation(name).is_smooth;
    CheckFirstDerivatives(RandomNetwork({.hidden = {7, 5}, .activation = name}, 4, 3, "tanh"), 5,
                          smooth);
    CheckFirstDerivatives(RandomNetwork({.hidden = {6}, .activation = "tanh"}, 3, 2, name), 2,
                          smooth);
  }
}

TEST_CASE("laws: depth 1 to 10 with unequal widths and one output", "[nn][laws]") {
  for (int depth = 0; depth < 10; ++depth) {
    CAPTURE(depth);
    std::vector<int> hidden;
    for (int k = 0; k < depth; ++k) hidden.push_back(3 + (5 * k) % 7);
    const Network network =
        RandomNetwork({.hidden = hidden, .activation = "silu"}, 4, 1, "identity");
    CheckFirstDerivatives(network, 3);
    CheckSecondDerivatives(network, 2);
  }
}

TEST_CASE("laws: configured networks with normalisation, skips and an output", "[nn][laws]") {
  for (const bool layer_norm : {false, true}) {
    for (const std::vector<int>& hidden :
         {std::vector<int>{6, 6}, std::vector<int>{5, 9, 5}, std::vector<int>{4, 4, 4, 4}}) {
      const Network network = RandomNetwork({.hidden = hidden,
                                             .activation = "silu",
                                             .layer_norm = layer_norm,
                                             .residual = true,
                                             .output = "softmax"},
                                            3, 2, "tanh");
      CAPTURE(network.layer(1).Description());
      CheckFirstDerivatives(network, 3);
      CheckSecondDerivatives(network, 2);
    }
  }
}

TEST_CASE("network: null outputs are skipped and a block of inputs is enough", "[nn]") {
  Network network = RandomNetwork({.hidden = {20}, .activation = "silu"}, 6, 1, "identity");
  const Matrix x = Matrix::Random(6, 4);
  const Matrix cotangent = Matrix::Ones(1, 4);
  Tape tape = network.MakeTape(4);
  Vector dtheta = Vector::Zero(network.parameter_count()), only_theta = dtheta;
  Matrix dx(6, 4), actions(2, 4);
  MatrixRef dx_ref = dx, actions_ref = actions;

  network.Forward(x, tape);
  network.Vjp(tape, cotangent, &dtheta, &dx_ref);
  network.Vjp(tape, cotangent, &only_theta, nullptr);
  network.Vjp(tape, cotangent, nullptr, &actions_ref, 4);
  REQUIRE(only_theta == dtheta);
  REQUIRE(actions == dx.bottomRows(2));

  network.Vjp(tape, cotangent, &only_theta, nullptr);  // dtheta is added to
  REQUIRE((only_theta - 2 * dtheta).cwiseAbs().maxCoeff() < 1e-12);
}
