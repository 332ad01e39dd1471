// Replaces the Cairo functions in a build without Cairo.
#include "agent/state/file_io.h"
#include "apps/viewer/drawing/svg.h"
#include "apps/viewer/record/record.h"

namespace nabla::viewer {
namespace {

[[noreturn]] void Refuse(const char* command) {
  throw agent::InputError(
      "this program was built without Cairo; install libcairo2-dev and build again (./nabla " +
      std::string(command) + " does both)");
}

}  // namespace

RecordResult Record(const RecordOptions& /*options*/, const std::atomic<bool>& /*stop*/) {
  Refuse("record");
}

std::string SvgFrame(const envs::Environment& /*environment*/,
                     const envs::ConstVectorRef& /*action*/, const SvgOptions& /*options*/) {
  Refuse("draw");
}

std::string SvgFilmStrip(const envs::Environment& /*environment*/,
                         const std::vector<Moment>& /*moments*/, const SvgOptions& /*options*/) {
  Refuse("draw");
}

}  // namespace nabla::viewer
