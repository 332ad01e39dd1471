// Runs gnuplot, which is found on the PATH. Without gnuplot there are no plots; everything else
// works.
#pragma once

#include <string>
#include <vector>

namespace nabla::experiment {

inline constexpr const char* kNoGnuplot =
    "gnuplot is not installed (Debian and Ubuntu: apt-get install gnuplot-nox)";

struct GnuplotScript {
  std::string terminal;  // with its options
  std::string commands;  // without terminal and output
};

// The content of one picture for each script, drawn by a single process. gnuplot never learns the
// name of a file: it writes into memory of this process. Throws std::runtime_error with kNoGnuplot,
// gnuplot's error message, or if a picture is not complete.
std::vector<std::string> RunGnuplot(const std::vector<GnuplotScript>& scripts);

// A text as a quoted string of gnuplot: it is shown as it is, whatever it contains.
std::string GnuplotString(const std::string& text);

// The same as the label of a tic, in which gnuplot reads formats such as %g.
std::string GnuplotLabel(const std::string& text);

}  // namespace nabla::experiment
