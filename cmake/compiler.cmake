set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 16)
    message(FATAL_ERROR "clang ${CMAKE_CXX_COMPILER_VERSION} is too old: Tocsin needs clang 16 or newer (Debian 12: apt-get install clang-19).")
  endif()
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 destroys temporaries twice in ordinary co_await lines; only a compiler that runs the probe correctly is used.
  try_run(TOCSIN_PROBE_RUN TOCSIN_PROBE_COMPILED ${CMAKE_BINARY_DIR}/coroutine_probe
    SOURCES ${CMAKE_CURRENT_LIST_DIR}/coroutine_probe.cpp
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON
    COMPILE_OUTPUT_VARIABLE TOCSIN_PROBE_OUTPUT)
  if(NOT TOCSIN_PROBE_COMPILED OR NOT TOCSIN_PROBE_RUN EQUAL 0)
    message(FATAL_ERROR
      "g++ ${CMAKE_CXX_COMPILER_VERSION} fails the coroutine probe (cmake/coroutine_probe.cpp): it destroys temporaries of a "
      "co_await statement twice, so a server built with it corrupts its memory. Use clang 16 or newer "
      "(Debian 12: apt-get install clang-19) or a GCC that passes.")
  endif()
else()
  message(FATAL_ERROR "${CMAKE_CXX_COMPILER_ID} is not supported: use clang 16 or newer.")
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})  # what precompiled headers need
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  find_program(LLD_PROGRAM NAMES ld.lld-19 ld.lld-18 ld.lld-17 ld.lld-16)
  if(LLD_PROGRAM)
    add_link_options(--ld-path=${LLD_PROGRAM})
  endif()
endif()

# All alike, or what is precompiled once is not for those whose libraries ask for it.
add_compile_options(-pthread)
add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wnon-virtual-dtor -Wshadow -fno-omit-frame-pointer
  -fstack-protector-strong -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
# Definitions of the whole build are here and nowhere else: one that differs between files breaks the one-definition rule.
add_compile_definitions(JSON_USE_IMPLICIT_CONVERSIONS=0 BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_DISABLE_BOOST_ARRAY BOOST_ASIO_DISABLE_BOOST_BIND
  BOOST_ASIO_DISABLE_BOOST_DATE_TIME BOOST_ASIO_DISABLE_BOOST_REGEX)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT TOCSIN_SANITIZE)
  add_compile_options(-D_FORTIFY_SOURCE=2 -fstack-clash-protection)
  add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack -pie)
endif()
if(TOCSIN_SANITIZE)
  add_compile_options(-fsanitize=${TOCSIN_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TOCSIN_SANITIZE})
endif()
if(TOCSIN_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # coverage of the rooms, which guides libFuzzer
endif()

# Files that instantiate Asio, Beast or the JSON library take up to a gigabyte each: two at a time, whatever the processors.
set_property(GLOBAL PROPERTY JOB_POOLS heavy=2)
