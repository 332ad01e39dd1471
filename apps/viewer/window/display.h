// Display: whether there is one to open a window on, and what to do when it goes away. X11's
// library ends a program in both cases; here it is asked first, and told what to do instead.
#pragma once

#include <functional>
#include <string>

namespace nabla::viewer {

// Why no window can be opened, "" if one can.
std::string DisplayProblem();

// `action` is called, once, when the connection to the display breaks, on the thread that has the
// window; the program ends behind it with exit code `exit_code`, since the library cannot go on.
void OnDisplayLost(std::function<void()> action, int exit_code);

}  // namespace nabla::viewer
