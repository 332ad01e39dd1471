// Encoding and decoding of TensorBoard's events as protocol buffers (event.proto).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nabla::tensorboard {

struct Scalar {
  std::string tag;
  double value = 0;  // stored as float
};

struct Event {
  double wall_time = 0;  // seconds since 1970
  std::int64_t step = 0;
  std::vector<Scalar> scalars;
};

std::string Encode(const Event& event);

// The first event of a file, which names its format.
std::string EncodeVersion(double wall_time);

// Makes readers discard the events of earlier files from `step` on.
std::string EncodeSessionStart(double wall_time, std::int64_t step);

// Returns nothing if `data` is not an event. An event of another kind has no scalars.
std::optional<Event> Decode(std::string_view data);

}  // namespace nabla::tensorboard
