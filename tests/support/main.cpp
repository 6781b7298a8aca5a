#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#endif
#include "tests/support/catch.hpp"

#include <csignal>
#include <cstdio>

namespace tocsin::test {

void report_skip(std::string const& why) { std::fprintf(stdout, "SKIPPED: %s\n", why.c_str()); }

}  // namespace tocsin::test

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // as in the server: a peer that went away is an error code, not the end
  return Catch::Session().run(argc, argv);
}
