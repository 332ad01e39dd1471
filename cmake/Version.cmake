# nabla_version: the origin of this build (agent/run/version.h).
#
# Every build asks git for the commit, but writes the file only if the commit has changed. A new commit
# recompiles one small file and relinks the programs.
set(version_source ${PROJECT_BINARY_DIR}/version/version.cc)
set(write_version ${CMAKE_COMMAND}
  -D template=${PROJECT_SOURCE_DIR}/cmake/version.cc.in
  -D output=${version_source}
  -D source_dir=${PROJECT_SOURCE_DIR}
  -D version=${PROJECT_VERSION}
  -P ${PROJECT_SOURCE_DIR}/cmake/WriteVersion.cmake)
add_custom_target(nabla_version_source
  COMMAND ${write_version} BYPRODUCTS ${version_source} COMMENT "Asking git for the commit" VERBATIM)

add_library(nabla_version STATIC ${version_source})
add_dependencies(nabla_version nabla_version_source)
target_link_libraries(nabla_version PUBLIC nabla_flags)

string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
get_target_property(shared_options nabla_flags INTERFACE_COMPILE_OPTIONS)
list(JOIN shared_options " " shared_options)
string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}} ${shared_options}" all_flags)
target_compile_definitions(nabla_version PRIVATE
  NABLA_COMPILER="${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}"
  NABLA_COMPILE_FLAGS="${all_flags}"
  NABLA_BUILD_TYPE="${CMAKE_BUILD_TYPE}")
