#include <CLI/CLI.hpp>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_peers(CLI::App& app, Command& chosen) {
  app.add_subcommand("peers", "Print how far the logs of other instances were followed")
      ->footer(
          "Columns: name, state, entries verified, applied, and behind; whether the peer said within a minute that\n"
          "nothing is newer; entries refused here; the last error.\n\n"
          "Examples:\n  tocsin peers --json | jq -r '.peers[] | select(.stale) | .name'")
      ->callback([&chosen] { chosen = list_peers; });
}

}  // namespace tocsin::client
