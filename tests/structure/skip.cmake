# Checks that ctest reports a skipped case as skipped, and a failed one as failed even if it skips.
#   cmake -D ctest=... -D program=... -D expression=... -D folder=... -P skip.cmake
set(script "")
foreach(case "skips" "fails and skips")
  string(APPEND script "add_test([==[${case}]==] [==[${program}]==] [==[${case}]==])
set_tests_properties([==[${case}]==] PROPERTIES SKIP_REGULAR_EXPRESSION [==[${expression}]==])\n")
endforeach()
file(WRITE ${folder}/CTestTestfile.cmake "${script}")
execute_process(COMMAND ${ctest} --test-dir ${folder} OUTPUT_VARIABLE output ERROR_QUIET)
foreach(expected "[0-9]: skips \\.+\\*+Skipped" "fails and skips \\.+\\*+Failed")
  if(NOT output MATCHES "${expected}")
    message(FATAL_ERROR "ctest does not report \"${expected}\":\n${output}")
  endif()
endforeach()
