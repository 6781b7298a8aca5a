#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_verifying(CLI::App& app, LocalCommand& chosen) {
  auto options = std::make_shared<VerifyOptions>();
  auto* command = app.add_subcommand(
      "verify", "Verify a proof, a revealed canary, evidence against a log or a recall, without any server");
  command->add_option(kFile, options->file, "The file to verify")->required();
  command->add_option("--vkey", options->log_key,
                      "The log's public key, name+number+key, or @FILE; else log_key of the profile");
  command
      ->add_option(
          "--witness", options->witnesses,
          "The public key of a witness that must have signed too, of a recall that of a peer, or @FILE (repeatable)")
      ->allow_extra_args(false);
  command->footer(
      "Prints a line a step: holds, fails, or unknown where no key says so. The exit code is 0 only when all hold,\n"
      "and 6 otherwise.\n\n"
      "Examples:\n"
      "  tocsin verify canary.json --vkey @log.pub\n"
      "  tocsin verify proof.txt --vkey @log.pub --witness @w1.pub --json\n"
      "  tocsin verify evidence.txt --vkey @log.pub");
  command->callback([&chosen, options] {
    chosen = [options](Console& c, GlobalOptions const& global, Environment const& environment) -> Outcome<Exit> {
      if (options->log_key) return verify(c, *options, {});
      auto const pinned = pinned_log_key(global, environment);
      if (!pinned) return std::unexpected(pinned.error());
      return verify(c, *options, *pinned);
    };
  });
}

}  // namespace tocsin::client
