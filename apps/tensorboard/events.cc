#include "apps/tensorboard/events.h"

#include "apps/tensorboard/event.pb.h"

namespace nabla::tensorboard {
namespace {

proto::Event NewEvent(double wall_time, std::int64_t step) {
  proto::Event event;
  event.set_wall_time(wall_time);
  event.set_step(step);
  return event;
}

}  // namespace

std::string Encode(const Event& event) {
  proto::Event message = NewEvent(event.wall_time, event.step);
  for (const Scalar& scalar : event.scalars) {
    proto::Summary::Value& value = *message.mutable_summary()->add_value();
    value.set_tag(scalar.tag);
    value.set_simple_value(static_cast<float>(scalar.value));
  }
  return message.SerializeAsString();
}

std::string EncodeVersion(double wall_time) {
  proto::Event event = NewEvent(wall_time, 0);
  event.set_file_version("brain.Event:2");
  return event.SerializeAsString();
}

std::string EncodeSessionStart(double wall_time, std::int64_t step) {
  proto::Event event = NewEvent(wall_time, step);
  event.mutable_session_log()->set_status(proto::SessionLog::START);
  return event.SerializeAsString();
}

std::optional<Event> Decode(std::string_view data) {
  proto::Event message;
  if (!message.ParseFromArray(data.data(), static_cast<int>(data.size()))) return std::nullopt;
  Event event{message.wall_time(), message.step(), {}};
  for (const proto::Summary::Value& value : message.summary().value()) {
    event.scalars.push_back({value.tag(), static_cast<double>(value.simple_value())});
  }
  return event;
}

}  // namespace nabla::tensorboard
