// Runs gnuplot, which is found on the PATH, with a script on its standard input. Without gnuplot
// there are no plots; everything else works.
#pragma once

#include <string>

namespace nabla::experiment {

inline constexpr const char* kNoGnuplot =
    "gnuplot is not installed, so there are no plots (Debian and Ubuntu: apt-get install "
    "gnuplot-nox)";

// False if gnuplot is not installed. Throws std::runtime_error with gnuplot's error message.
bool RunGnuplot(const std::string& script);

// A text as a quoted string of gnuplot, without control characters.
std::string GnuplotString(const std::string& text);

}  // namespace nabla::experiment
