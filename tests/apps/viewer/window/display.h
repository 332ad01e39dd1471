// A display in memory (Xvfb), for windows that nobody sees.
#pragma once

#include <memory>
#include <string>

#include "tests/support/process.h"

namespace nabla::test {

// The path of an installed program, "" if it is not there.
std::string FindProgram(const std::string& name);

class VirtualDisplay {
 public:
  // Null, with a warning of the test, where Xvfb or xdotool is not installed.
  static std::unique_ptr<VirtualDisplay> Open();
  // One for all windows of this process: SFML keeps its connection to the end, and cannot do
  // without it. The server ends behind its last client.
  static const VirtualDisplay* Shared();

  // Makes it the display of this process and of the programs that it starts.
  void Use() const;
  // Runs xdotool on it; `line` is split at blanks. Returns what it printed.
  std::string Do(const std::string& line) const;
  // The number of the window whose title begins with "nabla"; waits for it. "" if there is none.
  std::string Window() const;
  void Kill() { server_.reset(); }

 private:
  VirtualDisplay(const std::string& server, bool ends_with_clients);

  std::unique_ptr<Process> server_;
  std::string name_;  // ":7"
};

}  // namespace nabla::test
