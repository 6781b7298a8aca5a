#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_campaigns(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<CampaignOptions>();
  auto* command = app.add_subcommand("campaign", "Print what members say of campaigns, and what indicates them");
  command->add_option("ACTION", options->action, "list or show")->required()->check(CLI::IsMember({"list", "show"}));
  command->add_option("ID", options->id, "The campaign to show");
  command->footer(
      "Counts of several members are never added up: they may have seen the same accounts.\n"
      "Columns of the list: id, name, exchanges; revoked.\n\n"
      "Examples:\n"
      "  tocsin campaign list\n"
      "  tocsin campaign show campaign--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return campaign(s, c, *options); }; });
}

}  // namespace tocsin::client
