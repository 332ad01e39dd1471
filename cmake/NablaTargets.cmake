# Flags of all targets, and one function for each kind of target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")
# Without NDEBUG, so that Eigen's assertions are on. -O1, since Eigen without inlining is too slow.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g -D_GLIBCXX_ASSERTIONS")

find_program(NABLA_CCACHE ccache DOC "Compiler cache, used when it is installed")
if(NABLA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${NABLA_CCACHE})
endif()

# Compiling a file takes up to 1.3 GB. The memory limits the number of parallel compilers.
cmake_host_system_information(RESULT megabytes QUERY TOTAL_PHYSICAL_MEMORY)
cmake_host_system_information(RESULT compilers QUERY NUMBER_OF_LOGICAL_CORES)
math(EXPR fit "${megabytes} / 1500")
if(fit LESS 1)
  set(compilers 1)
elseif(fit LESS compilers)
  set(compilers ${fit})
endif()
set_property(GLOBAL PROPERTY JOB_POOLS compile=${compilers})
set(CMAKE_JOB_POOL_COMPILE compile)

add_library(nabla_flags INTERFACE)
target_include_directories(nabla_flags INTERFACE ${PROJECT_SOURCE_DIR})
# The headers need it, too: a project that links a library may have another default.
target_compile_features(nabla_flags INTERFACE cxx_std_20)
target_compile_options(nabla_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                       -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # gcc 12 gives false warnings at every use of "literal" + std::string (GCC bug 105651) and about
  # variables in its AVX-512 intrinsics headers (GCC bug 105593).
  target_compile_options(nabla_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
  if(CMAKE_BUILD_TYPE STREQUAL Debug)  # also the definite form of that warning
    target_compile_options(nabla_flags INTERFACE -Wno-uninitialized)
  endif()
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # No garbage collection below 1 GB. It would take a tenth of the compile time.
  target_compile_options(nabla_flags INTERFACE "SHELL:--param ggc-min-heapsize=1000000")
  # When tuning for AMD processors, gcc replaces fused multiply-adds in a single chain of sums. Then a
  # single sample would be rounded differently from a batch.
  target_compile_options(nabla_flags INTERFACE "SHELL:--param avoid-fma-max-bits=0")
endif()
if(NABLA_NATIVE)
  target_compile_options(nabla_flags INTERFACE -march=native)
endif()
if(NABLA_WERROR)
  target_compile_options(nabla_flags INTERFACE -Werror)
endif()
if(NABLA_SANITIZE)
  # According to gcc's manual, this warning has false positives with sanitizers in every version.
  target_compile_options(nabla_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_compile_options(nabla_flags INTERFACE -fsanitize=${NABLA_SANITIZE}
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(nabla_flags INTERFACE -fsanitize=${NABLA_SANITIZE})
endif()
if(NABLA_FUZZ)
  # The coverage that guides libFuzzer. Stack traces need line numbers, but no other debug information.
  target_compile_options(nabla_flags INTERFACE -fsanitize=fuzzer-no-link -gline-tables-only -O2)
endif()

# nabla_library(<folder> SOURCES ... LINK ... [PLAIN_SOURCES ...] [PARTS n] [PLAIN]): the static
# library nabla_<folder>. PLAIN_SOURCES, or with PLAIN all sources, are compiled without optimisation,
# because they take little time to run and much time to compile. PARTS: see nabla_parts.
function(nabla_library name)
  cmake_parse_arguments(ARG "PLAIN" "PARTS" "SOURCES;PLAIN_SOURCES;LINK" ${ARGN})
  add_library(nabla_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(nabla_${name} PUBLIC nabla_flags ${ARG_LINK})
  if(ARG_PARTS)
    nabla_parts(nabla_${name} ${ARG_PARTS})
  endif()
  if(ARG_PLAIN)
    nabla_plain(nabla_${name})
  endif()
  if(ARG_PLAIN_SOURCES)
    add_library(nabla_${name}_plain OBJECT ${ARG_PLAIN_SOURCES})
    target_link_libraries(nabla_${name}_plain PRIVATE nabla_flags ${ARG_LINK})
    nabla_parts(nabla_${name}_plain 1)
    nabla_plain(nabla_${name}_plain)
    target_sources(nabla_${name} PRIVATE $<TARGET_OBJECTS:nabla_${name}_plain>)
  endif()
endfunction()

# nabla_parts(<target> <n>): with NABLA_UNITY the sources are compiled as n files, each of which parses
# a header only once. Therefore, names in anonymous namespaces must be unique within a library.
function(nabla_parts target parts)
  get_target_property(sources ${target} SOURCES)
  list(LENGTH sources count)
  math(EXPR batch "(${count} + ${parts} - 1) / ${parts}")
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${NABLA_UNITY} UNITY_BUILD_BATCH_SIZE ${batch})
endfunction()

# nabla_plain(<target> [PRIVATE|PUBLIC]): compiles the target with -Og, which takes gcc less time than
# -O1 and even -O0. With PUBLIC this also applies to targets that link it.
function(nabla_plain target)
  set(scope ${ARGN} PRIVATE)
  list(GET scope 0 scope)
  target_compile_options(${target} ${scope} $<$<CONFIG:Release>:-Og>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # With -Og, gcc 12 also gives this false warning in its AVX-512 intrinsics headers (GCC bug 105593).
    target_compile_options(${target} ${scope} -Wno-uninitialized)
  endif()
endfunction()

# The output of a test case that is skipped (tests/support/skip.h).
set(NABLA_SKIPPED "test case skipped: ")

# nabla_test(<name> SOURCES ... LINK ... [LABELS ...]): a Catch2 program. ctest runs its test cases one
# by one and reports skipped ones. With NABLA_UNITY up to six sources are compiled as one file, so names
# in anonymous namespaces must be unique within a program.
function(nabla_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${NABLA_UNITY} UNITY_BUILD_BATCH_SIZE 6)
  target_link_libraries(${name} PRIVATE nabla_test_support ${ARG_LINK})
  set(properties SKIP_REGULAR_EXPRESSION "${NABLA_SKIPPED}")
  if(ARG_LABELS)  # an empty list would shift the names that Catch2 3 adds
    list(APPEND properties LABELS "${ARG_LABELS}")
  endif()
  catch_discover_tests(${name} PROPERTIES ${properties})
endfunction()

# nabla_benchmark(<name> SOURCES ... LINK ...): a program that `./nabla bench` runs.
function(nabla_benchmark name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE nabla_flags benchmark::benchmark_main ${ARG_LINK})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/benchmarks)
endfunction()
