#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_joining(CLI::App& app, LocalCommand& chosen) {
  auto options = std::make_shared<LoginOptions>();
  auto* command = app.add_subcommand("login", "Exchange the line of an invitation for a token, and keep it");
  command->add_option("LINE", options->line, "https://HOST#... as the operator gave it; @FILE, or - for standard input")
      ->required();
  command->footer(
      "An invitation works once, within a day. The token, the authority of the server's certificate and a profile\n"
      "are written beside profiles.toml: the profile default, or the one named with --profile.\n\n"
      "Examples:\n"
      "  tocsin login @invitation.txt\n"
      "  tocsin login - --profile staging");
  command->callback([&chosen, options] {
    chosen = [options](Console& c, GlobalOptions const& global, Environment const& environment) {
      options->profile = global.profile.value_or("default");
      return login(c, *options, environment);
    };
  });
}

}  // namespace tocsin::client
