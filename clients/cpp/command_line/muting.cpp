#include "clients/cpp/command_line/command_line.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace tocsin::client {
namespace {

CLI::App* add_about(CLI::App& app, char const* name, char const* what, std::shared_ptr<MuteOptions> const& options) {
  auto* command = app.add_subcommand(name, what);
  command->add_option("ID", options->subject, "The indicator's id, or with --kind a value")->required();
  command->add_option("--kind", options->kind, "The kind of the value: every indicator of it, whoever shares it");
  return command;
}

}  // namespace

void add_muting(CLI::App& app, Command& chosen) {
  auto const options = std::make_shared<MuteOptions>();
  auto* command = add_about(app, "mute", "Leave an indicator out of what your organisation acts on", options);
  command->add_option("--because", options->because, "Why, for your colleagues")->required();
  command->add_option("--until", options->until, "A timestamp; without it, for good");
  command->footer(
      "Nobody but your organisation learns of it; to tell others that an indicator is wrong: tocsin dispute\n\n"
      "Examples:\n"
      "  tocsin mute indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --because \"our own egress\" --until "
      "2027-01-31T00:00:00Z\n"
      "  tocsin mute --kind ip-range 203.0.113.0/24 --because \"a partner's NAT\"");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return mute(s, c, *options); }; });
  auto const ended = std::make_shared<MuteOptions>();
  auto* unmuting = add_about(app, "unmute", "Act on an indicator again", ended);
  unmuting->footer("Examples:\n  tocsin unmute --kind ip-range 203.0.113.0/24");
  unmuting->callback([&chosen, ended] { chosen = [ended](Session& s, Console& c) { return unmute(s, c, *ended); }; });
  app.add_subcommand("muted", "List what your organisation muted")
      ->footer("Examples:\n  tocsin muted --json | jq -r '.mutes[].because'")
      ->callback([&chosen] { chosen = muted; });
}

}  // namespace tocsin::client
