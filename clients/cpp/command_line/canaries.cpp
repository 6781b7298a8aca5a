#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {
namespace {

std::unexpected<Failure> misused(std::string sentence) {
  return fail(Exit::local, std::move(sentence), "See: tocsin canary --help");
}

bool says_type(CanaryOptions const& options) {
  return std::ranges::any_of(options.said, [](auto const& pair) { return pair.first == "canary_type"; });
}

Outcome<Exit> with_server(Session& session, Console& console, CanaryOptions const& options,
                          Environment const& environment) {
  if (options.subject.empty()) return misused(options.action == "plant" ? "No file is named." : "No canary is named.");
  if ((options.action == "reveal") != options.to.has_value()) return misused("--to goes with reveal, which needs it.");
  if (options.action == "reveal") return reveal_canary(session, console, options, environment);
  if (options.action == "again") return share_canary_again(session, console, options, environment);
  if (!says_type(options)) return misused("What is planted needs --type.");
  return plant_canary(session, console, options, environment);
}

}  // namespace

void add_canaries(CLI::App& app, Environment const& environment, Command& chosen, LocalCommand& local) {
  auto options = std::make_shared<CanaryOptions>();
  auto* command = app.add_subcommand("canary", "Plant something to be found again, and share a commitment to it");
  command->add_option("ACTION", options->action, "plant, again, list or reveal")
      ->required()
      ->check(CLI::IsMember({"plant", "again", "list", "reveal"}));
  command->add_option("WHAT", options->subject,
                      "The file to plant, - for standard input; else the canary's commitment or indicator");
  auto const says = [&](char const* option, char const* property, char const* meaning) {
    command->add_option_function<std::string>(
        option, [options, property](std::string const& value) { options->said.emplace_back(property, value); },
        meaning);
  };
  says("--type", "canary_type", "trap-prompt, honeytoken, honeypot-account, output-watermark or dataset-marker");
  says("--planted-from", "planted_from", "Since when it is there, as 2026-01-31T12:00:00Z");
  says("--tlp", "tlp", "Who may see the commitment: red (unless said), amber+strict, amber, green");
  says("--markings", "markings", "The marking of an audience, beside the level");
  says("--description", "description", "What readers should know of it; never what was planted");
  command->add_option("--to", options->to, "The file to reveal it in")->type_name(kFile);
  command->footer(
      "Secret and salt stay here, in the folder canaries beside profiles.toml, which you should copy to a safe place.\n"
      "The server gets the commitment alone. What is red is in no log that could show when it was shared.\n"
      "Columns of the list: commitment, type, when it was planted, server, indicator.\n\n"
      "Examples:\n"
      "  tocsin canary plant trap.txt --type trap-prompt --tlp amber\n"
      "  tocsin canary list\n"
      "  tocsin canary reveal indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --to canary.json");
  command->callback([&chosen, &local, &environment, options] {
    if (options->action == "list")
      local = [options](Console& c, GlobalOptions const&, Environment const& e) -> Outcome<Exit> {
        if (!options->subject.empty()) return misused("list takes nothing more.");
        return list_canaries(c, e);
      };
    else
      chosen = [options, &environment](Session& s, Console& c) { return with_server(s, c, *options, environment); };
  });
}

}  // namespace tocsin::client
