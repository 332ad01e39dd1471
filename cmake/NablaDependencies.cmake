# Dependencies come from the distribution. -DNABLA_FETCH=ON downloads those that are not installed.
include(FetchContent)

# nabla_dependency(<package> <target> <repository> <tag> [<version> ...]): provides <target>. It takes
# the first of the given versions that is installed, or any version if none is given. It is a macro,
# because find_package() sets variables of its caller.
macro(nabla_dependency package target repository tag)
  set(versions ${ARGN})
  list(POP_FRONT versions version)
  find_package(${package} ${version} QUIET)
  foreach(version IN LISTS versions)
    if(NOT ${package}_FOUND)
      find_package(${package} ${version} QUIET)
    endif()
  endforeach()
  if(NOT ${package}_FOUND)
    if(NOT NABLA_FETCH)
      message(FATAL_ERROR
        "${package} ${ARGN} is not installed. On Debian and Ubuntu ./nabla installs it; elsewhere "
        "install it by hand (see docs/setup.md) or configure with -DNABLA_FETCH=ON.")
    endif()
    message(STATUS "${package} is not installed: downloading ${tag} from ${repository}")
    FetchContent_Declare(${package} GIT_REPOSITORY ${repository} GIT_TAG ${tag} GIT_SHALLOW ON)
    FetchContent_MakeAvailable(${package})
    nabla_mark_foreign(${target})
  endif()
endmacro()

# Suppresses warnings in downloaded headers, as in those of /usr/include.
function(nabla_mark_foreign target)
  get_target_property(aliased ${target} ALIASED_TARGET)
  if(aliased)
    set(target ${aliased})
  endif()
  get_target_property(folders ${target} INTERFACE_INCLUDE_DIRECTORIES)
  set_target_properties(${target} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${folders}")
endfunction()

if(NABLA_FETCH)  # only the libraries, without their tests and documentation
  foreach(unwanted BUILD_TESTING EIGEN_BUILD_DOC BENCHMARK_ENABLE_TESTING)
    set(${unwanted} OFF CACHE BOOL "part of a downloaded dependency" FORCE)
  endforeach()
endif()

nabla_dependency(Eigen3 Eigen3::Eigen https://gitlab.com/libeigen/eigen.git 3.4.0 3.4 5)
nabla_dependency(yaml-cpp yaml-cpp https://github.com/jbeder/yaml-cpp.git 0.8.0)
nabla_dependency(spdlog spdlog::spdlog https://github.com/gabime/spdlog.git v1.12.0)
nabla_dependency(CLI11 CLI11::CLI11 https://github.com/CLIUtils/CLI11.git v2.3.2)
nabla_dependency(nlohmann_json nlohmann_json::nlohmann_json https://github.com/nlohmann/json.git
                 v3.11.3)
# xxHash: Debian's package has no CMake configuration; in the sources it is in a subfolder.
find_path(XXHASH_INCLUDE_DIR xxhash.h)
find_library(XXHASH_LIBRARY xxhash)
mark_as_advanced(XXHASH_INCLUDE_DIR XXHASH_LIBRARY)
add_library(nabla_xxhash INTERFACE)
if(XXHASH_INCLUDE_DIR AND XXHASH_LIBRARY)
  target_include_directories(nabla_xxhash SYSTEM INTERFACE ${XXHASH_INCLUDE_DIR})
  target_link_libraries(nabla_xxhash INTERFACE ${XXHASH_LIBRARY})
elseif(NABLA_FETCH)
  set(XXHASH_BUILD_XXHSUM OFF CACHE BOOL "part of a downloaded dependency" FORCE)
  FetchContent_Declare(xxhash GIT_REPOSITORY https://github.com/Cyan4973/xxHash.git GIT_TAG v0.8.2
                       GIT_SHALLOW ON SOURCE_SUBDIR cmake_unofficial)
  FetchContent_MakeAvailable(xxhash)
  nabla_mark_foreign(xxhash)
  target_link_libraries(nabla_xxhash INTERFACE xxHash::xxhash)
else()
  message(FATAL_ERROR "xxHash (libxxhash-dev) is not installed. On Debian and Ubuntu ./nabla installs "
          "it; elsewhere install it by hand (see docs/setup.md) or configure with -DNABLA_FETCH=ON.")
endif()
if(NABLA_TESTS)
  nabla_dependency(Catch2 Catch2::Catch2 https://github.com/catchorg/Catch2.git v3.5.3)
  list(APPEND CMAKE_MODULE_PATH ${Catch2_DIR} ${Catch2_SOURCE_DIR}/extras)  # catch_discover_tests
endif()
if(NABLA_BENCHMARKS)
  nabla_dependency(benchmark benchmark::benchmark https://github.com/google/benchmark.git v1.8.3)
endif()
find_package(Threads REQUIRED)

if(NOT TARGET yaml-cpp::yaml-cpp)  # yaml-cpp 0.7 exports the plain name
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

# The window of `nabla watch`. The target names of SFML 3 and SFML 2 differ.
find_package(SFML 3 COMPONENTS Graphics QUIET)
set(NABLA_SFML SFML::Graphics)
set(NABLA_SFML_VERSION 3)
if(NOT TARGET SFML::Graphics)
  find_package(SFML 2.5 COMPONENTS graphics QUIET)
  set(NABLA_SFML sfml-graphics)
  set(NABLA_SFML_VERSION 2)
endif()
