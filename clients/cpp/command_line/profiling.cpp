#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_profiling(CLI::App& app, LocalCommand& chosen) {
  auto options = std::make_shared<UsageOptions>();
  auto* command = app.add_subcommand("profile", "Measure in your log how accounts use a model; sends nothing");
  command->add_option(kFile, options->log, "A log of requests, a JSON object a line; - is standard input")->required();
  command
      ->add_option("--map", options->maps,
                   "Which member of a line says what, as FIELD=NAME, or @FILE with one a line (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--accounts", options->accounts, "The cluster: a table as draft takes it; absent: all accounts")
      ->type_name(kFile);
  command->add_option("--releases", options->releases, "When models were released: lines MODEL,TIME")->type_name(kFile);
  command->add_option("--rules", options->rules, "What prompts ask for: lines NAME: words")->type_name(kFile);
  command->add_option("--from", options->from, "Requests from this time or date on");
  command->add_option("--until", options->until, "Requests before this time or date");
  command->add_option("--min-accounts", options->min_accounts, "Of fewer accounts nothing is written")
      ->capture_default_str()
      ->check(CLI::Range(3, 1'000'000));
  command->add_option("-o,--output", options->output, "Write to this file instead of standard output")
      ->type_name(kFile);
  command->footer(
      "Writes one item of the short form, a usage-profile, for a person to read and for tocsin share to send. The\n"
      "figures are on standard error, too, beside those of all other accounts; --json changes nothing.\n\n"
      "Examples:\n"
      "  tocsin profile access.ndjson --accounts accounts.csv --releases releases.csv -o profile.ndjson\n"
      "  tocsin share --confidence 70 profile.ndjson");
  command->callback([&chosen, options] {
    chosen = [options](Console& c, GlobalOptions const&, Environment const&) { return profile_usage(c, *options); };
  });
}

}  // namespace tocsin::client
