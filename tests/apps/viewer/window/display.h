// A virtual display (Xvfb).
#pragma once

#include <memory>
#include <string>

#include "tests/support/process.h"

namespace nabla::test {

// The path of a program, "" if it is not installed.
std::string FindProgram(const std::string& name);

class VirtualDisplay {
 public:
  // Null, with a warning of the test, if Xvfb or xdotool is not installed.
  static std::unique_ptr<VirtualDisplay> Open();
  // One for all windows of this process: SFML keeps its connection until the process exits. The
  // server terminates with its last client.
  static const VirtualDisplay* Shared();

  // Makes it the display of this process and of the programs that it starts.
  void Use() const;
  // Runs xdotool with the words of `line`. Returns its output.
  std::string Do(const std::string& line) const;
  // Waits for a window whose title starts with "nabla" and returns its number, "" if there is none.
  std::string Window() const;
  void Kill() { server_.reset(); }

 private:
  VirtualDisplay(const std::string& server, bool ends_with_clients);

  std::unique_ptr<Process> server_;
  std::string name_;  // ":7"
};

}  // namespace nabla::test
