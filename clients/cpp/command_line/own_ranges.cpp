#include "clients/cpp/command_line/command_line.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace tocsin::client {
namespace {

void add_ranges(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RangesOptions>();
  auto* command = app.add_subcommand("ranges", "Say which ranges are your organisation's own");
  command->add_option("ACTION", options->action, "add, list or remove")
      ->required()
      ->check(CLI::IsMember({"add", "list", "remove"}));
  command->add_option("RANGE", options->ranges,
                      "Address ranges and autonomous systems; - is standard input, one a line");
  command->footer(
      "Nobody but your organisation's analysts is told them. What is added twice is there once.\n\n"
      "Examples:\n"
      "  tocsin ranges add 9.9.9.0/24 2620:fe::/48 AS19281\n"
      "  tocsin ranges remove - < old-ranges.txt");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return ranges(s, c, *options); }; });
}

void add_alerts(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<AlertsOptions>();
  auto* command = app.add_subcommand("alerts", "Print the objects that are about your own ranges");
  command->add_option("--after", options->after, "Go on behind the place that an earlier run printed");
  command->add_option("--limit", options->limit, "At most so many alerts")->check(CLI::Range(1, 1'000'000'000));
  command->footer(
      "Columns: range (+ how many others), version, id, collection, who says it; revoked.\n"
      "The last line on standard error says which --after the next run goes on from.\n\n"
      "Examples:\n  tocsin alerts --json | jq -r '.alerts[].id'");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return alerts(s, c, *options); }; });
}

}  // namespace

void add_own_ranges(CLI::App& app, Command& chosen) {
  add_ranges(app, chosen);
  add_alerts(app, chosen);
}

}  // namespace tocsin::client
