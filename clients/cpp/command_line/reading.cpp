#include "clients/cpp/command_line/command_line.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace tocsin::client {
namespace {

void add_pull(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<PullOptions>();
  auto* command = app.add_subcommand("pull", "Print the objects you may read");
  command->add_option("--collection", options->collection, "Only this collection: id, alias or title");
  command->add_option("--since", options->since, "Only what was added after this date or timestamp");
  command->add_option("--format", options->format, "One object a line, or one bundle")
      ->capture_default_str()
      ->check(CLI::IsMember({"ndjson", "bundle"}));
  command->add_option("--type", options->types, "Only this STIX type (repeatable)")->allow_extra_args(false);
  command->add_option("--id", options->ids, "Only this object (repeatable)")->allow_extra_args(false);
  command->add_flag("--all-versions", options->all_versions, "Every version, not only the latest");
  command->add_option("--limit", options->limit, "At most so many objects")->check(CLI::Range(1, 1'000'000'000));
  command->add_option("-o,--output", options->output, "Write to this file, replaced only when the pull is complete")
      ->type_name(kFile);
  command->footer(
      "The last line on standard error says which --since the next pull goes on from.\n"
      "Objects are printed byte for byte as the server stores them. --json means --format bundle.\n\n"
      "Examples:\n"
      "  tocsin pull --since 2026-01-31 -o new.ndjson\n"
      "  tocsin pull --type indicator --type malware | jq -r .name");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return pull(s, c, *options); }; });
}

void add_watch(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<WatchOptions>();
  auto* command = app.add_subcommand("watch", "Print objects as they are published");
  command->add_option("--collection", options->collections, "Only this collection: id, alias or title (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--type", options->types, "Only this STIX type (repeatable)")->allow_extra_args(false);
  command->add_option("--after", options->after, "Go on behind the place that an earlier run said, or an event's id");
  command->footer(
      "One object a line, byte for byte as the server stores it, until you stop it or your token ends.\n"
      "A broken connection is made again, and nothing is lost or printed twice. Each object's id stands on standard\n"
      "error, with the --after by which a later run goes on behind it.\n\n"
      "Examples:\n"
      "  tocsin watch --type indicator | jq -r --unbuffered .pattern\n"
      "  tocsin watch --collection network --collection campaigns");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return watch(s, c, *options); }; });
}

void add_get(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<GetOptions>();
  auto* command = app.add_subcommand("get", "Print one object");
  command->add_option("ID", options->id, "The object's id")->required();
  command->add_option("--collection", options->collection, "Only in this collection: id, alias or title");
  command->add_flag("--all-versions", options->all_versions, "Every version, not only the latest");
  command->footer("Examples:\n  tocsin get indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --all-versions");
  command->callback([&chosen, options] { chosen = [options](Session& s, Console& c) { return get(s, c, *options); }; });
}

void add_status(CLI::App& app, Command& chosen) {
  auto id = std::make_shared<std::string>();
  auto* command = app.add_subcommand("status", "Say what became of a submission");
  command
      ->add_option("ID", *id, "The status id: submit --json lists it, and submit names it when work is still pending")
      ->required();
  command->footer("Examples:\n  tocsin status 2d086da7-4bdc-4f91-900e-d77486753710");
  command->callback([&chosen, id] { chosen = [id](Session& s, Console& c) { return status(s, c, *id); }; });
}

void add_about_you(CLI::App& app, Command& chosen) {
  auto* me = app.add_subcommand("whoami", "Say who the server takes you for, and what you may do");
  auto const marks = std::make_shared<bool>(false);
  me->add_flag("--markings", *marks, "What you may mark what you share with, and who would read it");
  me->footer("Examples:\n  tocsin whoami --profile staging\n  tocsin whoami --markings");
  me->callback([&chosen, marks] { chosen = *marks ? markings : whoami; });
  auto const since = std::make_shared<std::optional<std::string>>();
  auto* told = app.add_subcommand("report", "Say how what your organisation shared was received");
  told->add_option("--since", *since, "Only what was published from this timestamp on");
  told->footer("Examples:\n  tocsin report --since 2026-01-01T00:00:00Z");
  told->callback([&chosen, since] { chosen = [since](Session& s, Console& c) { return report(s, c, *since); }; });
  app.add_subcommand("collections", "List the collections you may know of")
      ->footer("Examples:\n  tocsin collections --json | jq -r '.collections[].title'")
      ->callback([&chosen] { chosen = list_collections; });
}

}  // namespace

void add_reading(CLI::App& app, Command& chosen) {
  add_pull(app, chosen);
  add_watch(app, chosen);
  add_get(app, chosen);
  add_status(app, chosen);
  add_about_you(app, chosen);
}

}  // namespace tocsin::client
