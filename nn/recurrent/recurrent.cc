#include "nn/recurrent/recurrent.h"

#include <stdexcept>

#include "nn/layers/shape.h"

namespace nabla::nn {
inline namespace NABLA_REAL_NAMESPACE {
namespace {

// The layers of f for a configuration, and the size of the state that they carry.
struct Cell {
  std::string name;
  Index states_per_unit;
  std::vector<LayerSpec> (*layers)(const RecurrentConfig& config, Index inputs, Index outputs);
};

NetworkConfig HiddenLayers(const RecurrentConfig& config) {
  return {.hidden = config.hidden, .activation = config.activation};
}

// A cell [x; r] → r', then the output layers, which read its first `units` states.
std::vector<LayerSpec> GatedLayers(const std::string& cell, Index state,
                                   const RecurrentConfig& config, Index inputs, Index outputs) {
  return {{.kind = cell, .input_size = inputs + state, .output_size = state},
          {.kind = "recurrent_output",
           .input_size = state,
           .output_size = outputs + state,
           .inner = LayersOf(HiddenLayers(config), config.units, outputs, "identity")}};
}

const std::vector<Cell>& Cells() {
  static const std::vector<Cell> table = {
      {"feedforward", 1,
       [](const RecurrentConfig& config, Index inputs, Index outputs) {
         return LayersOf(HiddenLayers(config), inputs + config.units, outputs + config.units,
                         "identity");
       }},
      {"gru", 1,
       [](const RecurrentConfig& config, Index inputs, Index outputs) {
         return GatedLayers("gru", config.units, config, inputs, outputs);
       }},
      {"lstm", 2,
       [](const RecurrentConfig& config, Index inputs, Index outputs) {
         return GatedLayers("lstm", 2 * config.units, config, inputs, outputs);
       }},
  };
  return table;
}

}  // namespace

RecurrentNetwork::RecurrentNetwork(Network f, Index state_size)
    : f_(std::move(f)), state_size_(state_size) {
  if (state_size >= 1 && input_size() >= 1 && output_size() >= 1) return;
  throw std::invalid_argument("a recurrent network of state size " + std::to_string(state_size) +
                              " needs more inputs and outputs than that, but has " +
                              std::to_string(f_.input_size()) + " and " +
                              std::to_string(f_.output_size()));
}

RecurrentState RecurrentNetwork::MakeState(Index batch) const {
  return {Matrix::Zero(f_.input_size(), batch), f_.MakeTape(batch)};
}

ConstMatrixRef RecurrentNetwork::Step(const ConstMatrixRef& x, RecurrentState& state) const {
  RequireShape(x.rows() == input_size() && x.cols() == state.input.cols(), "recurrent input", 0,
               f_.layer(0), {input_size(), state.input.cols()}, {x.rows(), x.cols()});
  state.input.topRows(input_size()) = x;
  const Matrix& z = f_.Evaluate(state.input, state.tape);
  state.input.bottomRows(state_size_) = z.bottomRows(state_size_);
  return z.topRows(output_size());
}

void RecurrentNetwork::Reset(Index sample, RecurrentState& state) const {
  state.input.col(sample).tail(state_size_).setZero();
}

void RecurrentNetwork::Run(const ConstMatrixRef& x, const Restarts& restarts, RecurrentState& state,
                           MatrixRef y) const {
  const Index batch = state.input.cols();
  const Index steps = CheckTimeSeries(*this, x, y, restarts, batch);
  for (Index n = 0; n < steps; ++n) {
    for (Index b = 0; b < batch && restarts.size() > 0; ++b) {
      if (restarts(b, n)) Reset(b, state);
    }
    y.middleCols(n * batch, batch) = Step(x.middleCols(n * batch, batch), state);
  }
}

Index CheckTimeSeries(const RecurrentNetwork& network, const ConstMatrixRef& x,
                      const ConstMatrixRef& y, const Restarts& restarts, Index batch) {
  const Index steps = x.cols() / batch;
  const Network& f = network.f();
  const std::size_t last = f.layer_count() - 1;
  RequireShape(x.rows() == network.input_size() && x.cols() == steps * batch, "time series", 0,
               f.layer(0), {network.input_size(), steps * batch}, {x.rows(), x.cols()});
  RequireShape(y.rows() == network.output_size() && y.cols() == x.cols(), "outputs in time", last,
               f.layer(last), {network.output_size(), x.cols()}, {y.rows(), y.cols()});
  RequireShape(restarts.size() == 0 || (restarts.rows() == batch && restarts.cols() == steps),
               "restarts", 0, f.layer(0), {batch, steps}, {restarts.rows(), restarts.cols()});
  return steps;
}

std::vector<std::string> RecurrentCellNames() {
  std::vector<std::string> names;
  for (const Cell& cell : Cells()) names.push_back(cell.name);
  return names;
}

RecurrentNetwork MakeRecurrentNetwork(const RecurrentConfig& config, Index input_size,
                                      Index output_size) {
  std::string known;
  for (const Cell& cell : Cells()) {
    if (cell.name == config.cell) {
      const Index state = cell.states_per_unit * config.units;
      return {MakeNetwork({input_size + state, cell.layers(config, input_size, output_size)}),
              state};
    }
    known += (known.empty() ? "" : ", ") + cell.name;
  }
  throw std::invalid_argument("unknown recurrent cell '" + config.cell + "'; known: " + known);
}

}  // namespace NABLA_REAL_NAMESPACE
}  // namespace nabla::nn
