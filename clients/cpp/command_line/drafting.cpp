#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_drafting(CLI::App& app, LocalCommand& chosen) {
  auto options = std::make_shared<DraftOptions>();
  auto* command = app.add_subcommand("draft", "Make indicators of a table of fraudulent accounts; sends nothing");
  command->add_option(kFile, options->file, "CSV with a header, or a JSON object a line; - is standard input")
      ->required();
  command
      ->add_option("--map", options->maps,
                   "Which column says what, as FIELD=COLUMN (repeatable): account, email, address, ja4, created, "
                   "payment, provider")
      ->allow_extra_args(false);
  command->add_option("--min-accounts", options->min_accounts, "What fewer accounts share is left out")
      ->capture_default_str()
      ->check(CLI::Range(3, 1'000'000));
  command->add_option("--campaign", options->campaign, "What readers know the campaign by");
  command->add_option("-o,--output", options->output, "Write to this file instead of standard output")
      ->type_name(kFile);
  command->footer(
      "Writes items of the short form, one a line, for a person to read and for tocsin share to send. No account,\n"
      "e-mail address or payment token is among them. A summary is on standard error; --json changes nothing.\n\n"
      "Examples:\n"
      "  tocsin draft accounts.csv --map account=customer --campaign \"Spring harvest\" -o draft.ndjson\n"
      "  tocsin share --confidence 80 draft.ndjson");
  command->callback([&chosen, options] {
    chosen = [options](Console& c, GlobalOptions const&, Environment const&) { return draft(c, *options); };
  });
}

}  // namespace tocsin::client
