#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_releasing(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ReleaseOptions>();
  auto* command = app.add_subcommand("release", "Show an object of your organisation to more readers: it takes two");
  command->add_option("ACTION", options->action, "propose, list, show, approve or refuse")
      ->required()
      ->check(CLI::IsMember({"propose", "list", "show", "approve", "refuse"}));
  command->add_option("ID", options->id, "The object to propose; else the proposal");
  command->add_option("--to", options->to, "Whom to propose: tlp:LEVEL, an audience of yours, or an authority");
  command->footer(
      "One person proposes, another approves within seven days. The object becomes a new version,\n"
      "which takes the place of those before.\n"
      "Columns of the list: proposal, object, to, state, who proposed it, until.\n\n"
      "Examples:\n"
      "  tocsin release propose indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --to tlp:green\n"
      "  tocsin release show 0b0e4a5e-6a0f-4f0c-9c2f-3b1f6a1f2d11\n"
      "  tocsin release approve 0b0e4a5e-6a0f-4f0c-9c2f-3b1f6a1f2d11");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return release(s, c, *options); }; });
}

}  // namespace tocsin::client
