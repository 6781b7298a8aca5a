#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_logs(CLI::App& app, LocalCommand& chosen) {
  auto options = std::make_shared<LogOptions>();
  auto* command = app.add_subcommand("log", "Verify the signed log of a server, or any other in the format of tiles");
  command->add_option("ACTION", options->action, "fsck")->required()->check(CLI::IsMember({"fsck"}));
  command->add_option("LOG", options->log, "data, control, or https://HOST[:PORT]/PREFIX")->required();
  command->add_option("--vkey", options->vkey, "The log's public key, as its operator gave it, or @FILE that holds it");
  command->add_option("--freshness", options->freshness,
                      "The public key that cosigns its checkpoints with the time, or @FILE");
  command->footer(
      "Reads the checkpoint and every tile and entry that it implies (C2SP tlog-tiles), derives them from each other,\n"
      "and ends with 4 when something is not as it should be. A log that anybody may read needs no token.\n\n"
      "Examples:\n"
      "  tocsin log fsck data --vkey hub.example/log+0f1e2d3c+Aa...\n"
      "  tocsin log fsck https://log.example/2026");
  command->callback([&chosen, options] {
    chosen = [options](Console& c, GlobalOptions const& global, Environment const& environment) {
      return check_log(c, *options, global, environment);
    };
  });
}

}  // namespace tocsin::client
