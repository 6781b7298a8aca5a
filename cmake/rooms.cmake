# room(NAME SOURCES … LIBRARIES … ROOMS …)  one static library a room; who may use whom is tests/arch/rooms.txt.
function(room NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES;ROOMS" ${ARGN})
  add_library(${NAME} STATIC ${ARG_SOURCES})
  target_include_directories(${NAME} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${NAME} PUBLIC ${ARG_ROOMS} ${ARG_LIBRARIES})
  precompile(${NAME} precompiled)
endfunction()

# What `make test` builds with ThreadSanitizer: the tests of the rooms where threads meet, and whatever says LABELS tsan.
add_custom_target(tsan_tests)
set(TOCSIN_TSAN_FOLDERS http ledger store)

# room_test(NAME SOURCES … ROOMS … [LIBRARIES …] [TIMEOUT seconds] [LABELS …])  one test executable a room, run by ctest.
# Labels: `tsan`, run with ThreadSanitizer too; `release-only`, left out with AddressSanitizer (long or measured runs).
function(room_test NAME)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBRARIES;ROOMS;LABELS" ${ARGN})
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE ${ARG_ROOMS} ${ARG_LIBRARIES} test_support)
  precompile(${NAME} precompiled_tests)
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${NAME} COMMAND ${NAME} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME FOLDER)
  if(FOLDER IN_LIST TOCSIN_TSAN_FOLDERS)
    list(APPEND ARG_LABELS tsan)
  endif()
  if("tsan" IN_LIST ARG_LABELS)
    add_dependencies(tsan_tests ${NAME})
  endif()
  # Programs run side by side: the one that may take longest starts first, or the others end and wait for it.
  set_tests_properties(${NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT} COST ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# long_test(NAME COMMAND … ENVIRONMENT variable=value…)  what takes an hour rather than a minute, in the same programs as
# ever: labelled `long`, and known to ctest only as `ctest -C long`, which is what `make test-long` runs.
function(long_test NAME)
  cmake_parse_arguments(ARG "" "" "COMMAND;ENVIRONMENT" ${ARGN})
  add_test(NAME ${NAME} COMMAND ${ARG_COMMAND} CONFIGURATIONS long WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${NAME} PROPERTIES LABELS long TIMEOUT 14400 ENVIRONMENT "${ARG_ENVIRONMENT}")
endfunction()

# fuzz_target(NAME SOURCE file ROOMS …)  seeds in tests/fuzz/seeds/NAME are replayed in every dev and asan test run;
# with TOCSIN_FUZZ the same file becomes a libFuzzer program.
function(fuzz_target NAME)
  cmake_parse_arguments(ARG "" "SOURCE" "ROOMS" ${ARGN})
  if(CMAKE_BUILD_TYPE STREQUAL "Release" OR TOCSIN_SANITIZE STREQUAL "thread")
    return()  # replaying seeds says most under AddressSanitizer
  endif()
  add_executable(${NAME} ${ARG_SOURCE})
  target_link_libraries(${NAME} PRIVATE ${ARG_ROOMS})
  precompile(${NAME} precompiled_tests)
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  if(TOCSIN_FUZZ)
    target_link_options(${NAME} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.cpp)
    add_test(NAME ${NAME} COMMAND ${NAME} ${PROJECT_SOURCE_DIR}/tests/fuzz/seeds/${NAME})
    set_tests_properties(${NAME} PROPERTIES TIMEOUT 120 LABELS fuzz)
  endif()
endfunction()

# embed_folder(FOLDER FUNCTION VARIABLE)  the files of a folder as a C++ source that VARIABLE names, with a FUNCTION of
# the form of console_files(). FOLDER "": no files. A new file is seen by the next build.
function(embed_folder FOLDER FUNCTION VARIABLE)
  string(REGEX REPLACE ".*::" "" NAME ${FUNCTION})
  set(MADE ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.cpp)
  set(FILES)
  if(FOLDER)
    file(GLOB_RECURSE FILES CONFIGURE_DEPENDS LIST_DIRECTORIES false ${FOLDER}/*)
  endif()
  add_custom_command(OUTPUT ${MADE}
    COMMAND ${CMAKE_COMMAND} -D "FOLDER=${FOLDER}" -D FUNCTION=${FUNCTION} -D OUTPUT=${MADE}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_folder.cmake
    DEPENDS ${FILES} ${PROJECT_SOURCE_DIR}/cmake/embed_folder.cmake)
  set(${VARIABLE} ${MADE} PARENT_SCOPE)
endfunction()
