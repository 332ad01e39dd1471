# Run by every build (see Version.cmake): writes ${output} from ${template} if that changes it.
cmake_minimum_required(VERSION 3.22)
set(commit unknown)  # without git, without a repository, or with one that git does not trust
find_program(git git)
if(git)
  execute_process(
    COMMAND ${git} -C ${source_dir} describe --always --dirty --abbrev=12 --match v[0-9]*
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
  if(NOT failed)
    set(commit ${described})
  endif()
endif()
configure_file(${template} ${output} @ONLY)
