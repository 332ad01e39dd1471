// The origin of this build, which makes results traceable. cmake/Version.cmake defines it in the
// target nabla_version.
#pragma once

namespace nabla::version {

const char* Version();    // "0.1.0"
const char* Commit();     // "03e32824a8d1", "v0.1.0-7-g03e32824a8d1-dirty"; "unknown" without git
const char* Compiler();   // "GNU 12.2.0"
const char* Flags();      // as given to the compiler: "-O3 -DNDEBUG -Wall … -march=native"
const char* BuildType();  // "Release"

}  // namespace nabla::version
