// The only includer of the test framework: Catch2 version 2 (Debian 12) or 3 where that is what is installed.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <string>

namespace tocsin::test {

// Prints `SKIPPED <test>: <why>`; .ci/run counts these lines and fails on one that is not listed in tests/skips.txt.
void report_skip(std::string const& why);

}  // namespace tocsin::test

// Leaves the test case, counted as skipped.
#define TOCSIN_SKIP(why)              \
  do {                                \
    ::tocsin::test::report_skip(why); \
    return;                           \
  } while (false)
