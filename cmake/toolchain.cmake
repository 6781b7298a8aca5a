# Debian 12's default compiler is g++ 12, which miscompiles coroutines. Unless the caller chose a compiler,
# take the newest clang there is.
if(NOT DEFINED CMAKE_CXX_COMPILER AND NOT DEFINED ENV{CXX})
  find_program(TOCSIN_CLANGXX NAMES clang++-19 clang++-18 clang++-17 clang++-16 clang++)
  find_program(TOCSIN_CLANG NAMES clang-19 clang-18 clang-17 clang-16 clang)
  if(TOCSIN_CLANGXX AND TOCSIN_CLANG)
    set(CMAKE_CXX_COMPILER ${TOCSIN_CLANGXX})
    set(CMAKE_C_COMPILER ${TOCSIN_CLANG})
  endif()
endif()
