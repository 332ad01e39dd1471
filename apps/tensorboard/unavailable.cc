// Replaces tensorboard.cc if CMake finds no protobuf.
#include "agent/state/file_io.h"
#include "apps/tensorboard/tensorboard.h"

namespace nabla::tensorboard {

void RequireSupport() {
  throw agent::InputError(
      "logging.tensorboard: this program was built without protobuf; install libprotobuf-dev and "
      "protobuf-compiler (Debian's names), remove the build folder and build again");
}

std::unique_ptr<agent::Observer> Open(const agent::Trainer& trainer, const agent::RunPaths&) {
  if (trainer.config().logging.tensorboard) RequireSupport();
  return nullptr;
}

}  // namespace nabla::tensorboard
