#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_mining(CLI::App& app, LocalCommand& chosen) {
  auto options = std::make_shared<MineOptions>();
  auto* command = app.add_subcommand("mine", "Find templates in your log that many accounts use; sends nothing");
  command->add_option(kFile, options->log, "A log of requests, a JSON object a line; - is standard input")->required();
  command
      ->add_option("--map", options->maps,
                   "Which member of a line says what, as FIELD=NAME, or @FILE with one a line (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--min-accounts", options->min_accounts, "What fewer accounts share is left out")
      ->capture_default_str()
      ->check(CLI::Range(3, 1'000'000));
  command->add_option("--campaign", options->campaign, "What readers know the campaign by");
  command
      ->add_option("--accounts-to", options->accounts_to,
                   "Write the accounts here, for draft and for profile --accounts; not to be shared")
      ->type_name(kFile);
  command->add_option("-o,--output", options->output, "Write to this file instead of standard output")
      ->type_name(kFile);
  command->footer(
      "Writes items of the short form, one a line, for a person to read and for tocsin share to send. No account is\n"
      "among them, and no words that fewer accounts sent. A summary is on standard error; --json changes nothing.\n\n"
      "Examples:\n"
      "  tocsin mine access.ndjson --campaign \"Spring harvest\" --accounts-to accounts.csv -o draft.ndjson\n"
      "  tocsin profile access.ndjson --accounts accounts.csv -o profile.ndjson");
  command->callback([&chosen, options] {
    chosen = [options](Console& c, GlobalOptions const&, Environment const&) { return mine(c, *options); };
  });
}

}  // namespace tocsin::client
