#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_retracting(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RetractOptions>();
  auto* command = app.add_subcommand("retract", "Take back an indicator that your organisation shared");
  command->add_option("ID", options->id, "The indicator's id")->required();
  command->add_option("--because", options->because, "wrong, overshared, personal-data, ended or duplicate")
      ->required()
      ->check(CLI::IsMember(kReasons));
  command->add_option("--duplicate-of", options->duplicate_of, "The id of the indicator that stays, with duplicate");
  command->add_option("--note", options->note, "What readers are told, with wrong, ended and duplicate");
  command->footer(
      "wrong and duplicate revoke it, ended lets it end now; readers are told.\n"
      "overshared and personal-data end its publications: it is shown to nobody from now on.\n\n"
      "Examples:\n"
      "  tocsin retract indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --because wrong");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return retract(s, c, *options); }; });
}

}  // namespace tocsin::client
