#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {
namespace {

void add_moderate(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ModerateOptions>();
  auto* command = app.add_subcommand("moderate", "Decide about what waits for an analyst of the instance");
  command->add_option("ACTION", options->action, "list, show, publish or refuse")
      ->required()
      ->check(CLI::IsMember({"list", "show", "publish", "refuse"}));
  command->add_option("ID", options->ids, "What is to be decided, as the list shows it");
  command->add_option("--all-of", options->all_of, "All that waits of an organisation; the list is of it alone");
  command->add_option("--because", options->because, "Why it is refused: its submitter is told");
  command->footer(
      "For analysts of the organisation that runs the instance.\n"
      "Columns of the list: id, organisation, collection, kind, object, received.\n\n"
      "Examples:\n"
      "  tocsin moderate list\n"
      "  tocsin moderate show 0b0e4a5e-6a0f-4f0c-9c2f-3b1f6a1f2d11\n"
      "  tocsin moderate publish --all-of new-lab\n"
      "  tocsin moderate refuse 0b0e4a5e-6a0f-4f0c-9c2f-3b1f6a1f2d11 --because \"an exit node of a public service\"");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return moderate(s, c, *options); }; });
}

void add_waiting(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<WaitingOptions>();
  auto* command = app.add_subcommand("waiting", "What of your organisation waits for an analyst of the instance");
  command->add_option("ACTION", options->action, "list or withdraw")
      ->required()
      ->check(CLI::IsMember({"list", "withdraw"}));
  command->add_option("ID", options->ids, "What to withdraw, as the list shows it");
  command->footer(
      "Columns of the list: id, state, collection, kind, object, received, why it was refused.\n\n"
      "Examples:\n"
      "  tocsin waiting list\n"
      "  tocsin waiting withdraw 0b0e4a5e-6a0f-4f0c-9c2f-3b1f6a1f2d11");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return waiting(s, c, *options); }; });
}

}  // namespace

void add_moderating(CLI::App& app, Command& chosen) {
  add_moderate(app, chosen);
  add_waiting(app, chosen);
}

}  // namespace tocsin::client
