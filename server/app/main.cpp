#include <exception>
#include <iostream>

#include "server/app/command_line.hpp"

int main(int argc, char** argv) {
  try {
    return tocsin::app::run_command_line(argc, argv);
  } catch (std::exception const& error) {
    std::cerr << "tocsind: " << error.what() << '\n';
    return 1;
  }
}
