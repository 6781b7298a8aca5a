#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {

void add_recalling(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RecallOptions>();
  auto* command = app.add_subcommand("recall", "Take an object back from everybody whom the log brought it");
  command->add_option("OBJECT", options->subject, "The id of an object of your organisation; or status, or certificate")
      ->required();
  command->add_option("RECALL", options->recall,
                      "With status or certificate: the number of a recall; status lists all without it");
  command
      ->add_option("--because,--reason", options->because,
                   "wrong, overshared, personal-data, ended, duplicate or other")
      ->check(CLI::IsMember({"wrong", "overshared", "personal-data", "ended", "duplicate", "other"}));
  command
      ->add_option("--action", options->action, "suppress; withdraw, which is for good; or restore what is suppressed")
      ->check(CLI::IsMember({"suppress", "withdraw", "restore"}));
  command->add_option("--deadline", options->deadline, "By when peers are to apply it: 90m, 24h, 7d");
  command->add_option("--organisation", options->organisation, "Whose object it is; for administrators");
  command->footer(
      "It is shown to nobody here from now on, and peers are asked to do the same and to say so. An object changes\n"
      "its state once an hour. What is withdrawn comes back by no restore, and a revoked version tells who has read "
      "it;\n"
      "not so because it is overshared or personal-data, which would be shown once more. status prints a line a "
      "recall:\n"
      "number, action, reason, object, when, by when, how many peers are outstanding, and who of them is late; of "
      "one,\n"
      "also a line a peer. certificate prints what shows to anybody that it was made and who applied it, for tocsin\n"
      "verify.\n\n"
      "Examples:\n"
      "  tocsin recall indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --because wrong\n"
      "  tocsin recall indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --because other --action restore\n"
      "  tocsin recall indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --because wrong --action withdraw --deadline "
      "2h\n"
      "  tocsin recall status 12\n"
      "  tocsin recall certificate 12 > recall-12.txt");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return recall(s, c, *options); }; });
}

}  // namespace tocsin::client
