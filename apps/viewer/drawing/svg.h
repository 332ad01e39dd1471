// Pictures of environments as SVG documents, drawn with Cairo. Text becomes outlines, so a document
// needs no fonts. All sizes are in px.
#pragma once

#include <string>
#include <vector>

#include "envs/core/environment.h"

namespace nabla::viewer {

struct SvgOptions {
  double width = 480;   // of one frame
  double height = 360;  // of one frame
  bool dark = false;
  int columns = 4;  // frames per row of a film strip
};

// A moment of an episode.
struct Moment {
  envs::Vector state;   // [state_size]
  envs::Vector action;  // [action_size], or empty
  double time = 0;      // s, the caption
};

// The current state, with `action` as an arrow (empty: none).
std::string SvgFrame(const envs::Environment& environment, const envs::ConstVectorRef& action,
                     const SvgOptions& options = {});

// One frame per moment, in rows, each with its time. Throws std::invalid_argument unless there is
// at least one moment and one column.
std::string SvgFilmStrip(const envs::Environment& environment, const std::vector<Moment>& moments,
                         const SvgOptions& options = {});

}  // namespace nabla::viewer
