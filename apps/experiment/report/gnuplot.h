// Gnuplot: the program of that name, fed with a script on its standard input. It is found on the
// PATH; without it there are no plots, and everything else works.
#pragma once

#include <string>
#include <vector>

namespace nabla::experiment {

inline constexpr const char* kNoGnuplot =
    "gnuplot is not installed, so there are no plots (Debian and Ubuntu: apt-get install "
    "gnuplot-nox)";

// False if there is no gnuplot. Throws std::runtime_error with what it says against the script.
bool RunGnuplot(const std::string& script);

// A text as a string of gnuplot's, control characters left out.
std::string GnuplotString(const std::string& text);

}  // namespace nabla::experiment
