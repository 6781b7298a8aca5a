# Headers from outside that most files include are compiled once for all rooms, and once more with Catch2 for the tests:
# reading them again was half of the build. Each file still includes what it uses; `make lint` does without, so that
# one which does not is found there.
option(TOCSIN_PRECOMPILE "Compile the headers from outside once" ON)

set(TOCSIN_PRECOMPILED
  <algorithm> <array> <atomic> <charconv> <chrono> <condition_variable> <cstdint> <expected> <filesystem> <fstream>
  <functional> <iostream> <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread> <unordered_map>
  <utility> <variant> <vector> <nlohmann/json.hpp>)

if(TOCSIN_PRECOMPILE)
  # Without times in it, the result is the same again, and ccache knows it.
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled/empty.cpp "")
  add_library(precompiled STATIC ${CMAKE_BINARY_DIR}/precompiled/empty.cpp)
  target_link_libraries(precompiled PUBLIC nlohmann_json::nlohmann_json)
  target_precompile_headers(precompiled PRIVATE ${TOCSIN_PRECOMPILED})
endif()

# precompile(TARGET HEADERS)  HEADERS: `precompiled`, or `precompiled_tests` for programs and with Catch2.
function(precompile TARGET HEADERS)
  if(TOCSIN_PRECOMPILE)
    target_precompile_headers(${TARGET} REUSE_FROM ${HEADERS})
  endif()
endfunction()
