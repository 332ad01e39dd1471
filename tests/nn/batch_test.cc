// The result of a sample does not depend on the other samples of its batch (float and double).
#include "nn/layers/layers.h"
#include "nn/network/network_config.h"
#include "tests/support/catch.h"

using namespace nabla::nn;

TEST_CASE("batch: a sample alone has the bits that it has in a batch", "[nn][laws]") {
  const Index batch = 19;
  std::vector<Network> networks;
  for (const LayerKind& kind : LayerKinds()) {
    for (const LayerSpec& example : kind.examples) {
      networks.push_back(MakeNetwork({example.input_size, {example}}));
    }
  }
  for (const bool layer_norm : {false, true}) {
    const NetworkConfig wide = {.hidden = {37, 37}, .layer_norm = layer_norm, .residual = true};
    networks.push_back(MakeNetwork(wide, 11, 1, "tanh"));
    networks.push_back(MakeNetwork(wide, 3, 21, "softmax"));
  }
  for (Network& network : networks) {
    network.parameters().setRandom();
    const Index n = network.input_size(), m = network.output_size();
    CAPTURE(network.layer(0).Description(), network.layer_count());
    const Matrix x = Matrix::Random(n, batch), c = Matrix::Random(m, batch);
    Tape tape = network.MakeTape(batch), alone = network.MakeTape(1);
    const Matrix evaluated = network.Evaluate(x, tape), y = network.Forward(x, tape);
    Matrix dx(n, batch), last(1, batch), dx_alone(n, 1), last_alone(1, 1);
    MatrixRef dx_ref = dx, last_ref = last, dx_alone_ref = dx_alone, last_alone_ref = last_alone;
    network.Vjp(tape, c, nullptr, &dx_ref);
    network.Vjp(tape, c, nullptr, &last_ref, n - 1);
    for (Index b = 0; b < batch; ++b) {
      REQUIRE(network.Evaluate(x.col(b), alone) == evaluated.col(b));
      REQUIRE(network.Forward(x.col(b), alone) == y.col(b));
      network.Vjp(alone, c.col(b), nullptr, &dx_alone_ref);
      network.Vjp(alone, c.col(b), nullptr, &last_alone_ref, n - 1);
      REQUIRE(dx_alone == dx.col(b));
      REQUIRE(last_alone == last.col(b));
    }
  }
}
