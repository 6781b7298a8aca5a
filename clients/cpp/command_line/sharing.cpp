#include "clients/cpp/command_line/command_line.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace tocsin::client {
namespace {

// What the items of the short form do not say, and how they are read.
void add_item_options(CLI::App& command, std::shared_ptr<void> const& owner, ShareOptions& options) {
  auto const says = [&](char const* option, char const* property, char const* description) {
    command.add_option_function<std::string>(
        option, [owner, &options, property](std::string const& value) { options.said.emplace_back(property, value); },
        description);
  };
  says("--kind", "kind", "What the items are: ip-range, proxy-asn, proxy-domain, ...");
  says("--tlp", "tlp", "Who may see them: green, amber, amber+strict, red");
  says("--confidence", "confidence", "How sure you are, 0 to 100");
  says("--valid-until", "valid_until", "Until when they hold: a date or a timestamp");
  says("--campaign", "campaign", "The campaign they belong to: its id");
  command.add_option("--set", options.set, "Any other property, as PROPERTY=VALUE (repeatable)")
      ->allow_extra_args(false);
  command.add_option("--format", options.format, "auto, json, ndjson, csv or list")
      ->capture_default_str()
      ->check(CLI::IsMember(kItemForms));
  auto* map = command.add_option("--map", options.map,
                                 "Which columns of a table are what: COLUMN:PROPERTY,... Others are not sent on");
  command.add_option("--columns", options.columns, "What the columns of a table without a header are: PROPERTY,...")
      ->excludes(map);
  command.add_flag("--atomic", options.atomic, "Store all items, or none when one is refused; one file");
  command.add_flag("--dry-run", options.dry_run, "Store nothing; print the objects that would be");
}

void add_files(CLI::App& command, ShareOptions& options) {
  command.add_option(kFile, options.files, "Files to read; - is standard input")->required();
  command.add_option("--override", options.override_reason,
                     "Share what only warnings speak against, for this reason; analysts only");
}

void add_submit(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<SubmitOptions>();
  auto* command = app.add_subcommand(
      "submit",
      "Share STIX objects: bundles, TAXII envelopes, arrays, NDJSON; or what share does, a draft for example");
  add_files(*command, options->items);
  command->add_option("--collection", options->collection, "Collection to add to: id, alias or title (network)");
  command->add_flag("--as-member", options->as_member,
                    "Name the instance as the creator, and your organisation nowhere");
  add_item_options(*command, options, options->items);
  command->footer(
      "Files are checked before anything is sent. Objects go in batches of up to 500; submitting again is harmless.\n"
      "Files of items go as share sends them; so does every file with an option that share has and that speaks of "
      "items.\n"
      "Refusals are printed one a line on standard error, and the exit code is 2.\n\n"
      "Examples:\n"
      "  tocsin submit indicators.json campaigns.json\n"
      "  tocsin submit --confidence 80 draft.ndjson\n"
      "  tocsin pull --profile staging | tocsin submit --profile default -");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return submit(s, c, *options); }; });
}

void add_share(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ShareOptions>();
  auto* command = app.add_subcommand(
      "share", "Share indicators, networks and campaigns in the short form: lists, CSV, NDJSON, JSON");
  add_files(*command, *options);
  add_item_options(*command, options, *options);
  command->footer(
      "Options say what the items do not. A list has one value a line; the header of a CSV file names properties.\n"
      "Items of one file may name each other: \"ref\" in one, \"local:NAME\" in another.\n"
      "Sharing a value again makes a new version of your indicator, or nothing when there is nothing new: a run that\n"
      "was broken off goes on when it is run again.\n"
      "Refusals are printed one a line on standard error, and the exit code is 2.\n\n"
      "Examples:\n"
      "  tocsin share --kind ip-range --tlp amber --set proxy_class=residential addresses.txt\n"
      "  tocsin share --dry-run indicators.csv\n"
      "  tocsin share --kind ip-range --map ip:value,score:confidence export.csv\n"
      "  echo AS19281 | tocsin share --kind proxy-asn -");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return share(s, c, *options); }; });
}

}  // namespace

void add_sharing(CLI::App& app, Command& chosen) {
  add_submit(app, chosen);
  add_share(app, chosen);
}

}  // namespace tocsin::client
