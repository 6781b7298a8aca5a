// tocsin: the command line of Tocsin's members.
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "clients/cpp/program.hpp"

namespace {

std::optional<std::string> environment(std::string const& name) {
  char const* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::size_t columns() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

int main(int argc, char** argv) try {
  std::ios::sync_with_stdio(false);
  tocsin::client::Console console{.in = std::cin,
                                  .out = std::cout,
                                  .err = std::cerr,
                                  .terminal = ::isatty(STDERR_FILENO) == 1,
                                  .columns = columns,
                                  .piped = ::isatty(STDOUT_FILENO) != 1};
  return static_cast<int>(
      tocsin::client::run_program({argv + 1, argv + argc}, console, environment, tocsin::client::real_pause()));
} catch (std::exception const& error) {
  std::cerr << "tocsin: " << error.what() << '\n';
  return static_cast<int>(tocsin::client::Exit::local);
}
