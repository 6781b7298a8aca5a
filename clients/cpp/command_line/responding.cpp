#include <CLI/CLI.hpp>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {
namespace {

constexpr char const* kAsMember = "Name the instance as the creator, and your organisation nowhere";

void add_sight(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<SightOptions>();
  auto* command = app.add_subcommand("sight", "Say what came of the hits of an indicator, to all who see it");
  command->add_option("ID", options->id, "The indicator's id")->required();
  command->add_option("--outcome", options->outcome, "confirmed, suspected, false-positive, benign-shared or not-seen")
      ->required()
      ->check(CLI::IsMember({"confirmed", "suspected", "false-positive", "benign-shared", "not-seen"}));
  command->add_option("--count", options->count, "How many hits")->check(CLI::Range(0, 999'999'999));
  auto const text = [&](char const* option, char const* member, char const* help) {
    command->add_option_function<std::string>(
        option, [options, member](std::string const& value) { options->said.emplace_back(member, value); }, help);
  };
  text("--first-seen", "first_seen", "A timestamp: 2026-01-31T12:00:00Z");
  text("--last-seen", "last_seen", "A timestamp");
  text("--action-taken", "action_taken", "What was done: observe, challenge, verify, rate-limit, block");
  text("--accounts", "affected_accounts_bucket", "1, 2-9, 10-99, 100-999, 1000-9999 or 10000-or-more");
  text("--match-method", "match_method", "How the hits were found: exact, cidr, containment, behaviour");
  text("--tlp", "tlp", "A stricter TLP level than the indicator's");
  command->add_flag("--as-member", options->as_member, kAsMember);
  command->footer(
      "Every call is a sighting of its own, with the indicator's markings, in its collections.\n\n"
      "Examples:\n"
      "  tocsin sight indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --outcome confirmed --accounts 100-999");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return sight(s, c, *options); }; });
}

void add_dispute(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<DisputeOptions>();
  auto* command = app.add_subcommand("dispute", "Say that an object is wrong, to all who see it");
  command->add_option("ID", options->id, "The object's id")->required();
  auto* because = command->add_option("--because", options->because, "What is wrong with it");
  auto* tlp = command->add_option("--tlp", options->tlp, "A stricter TLP level than the object's");
  auto* unnamed = command->add_flag("--as-member", options->as_member, kAsMember);
  command->add_flag("--withdraw", options->withdraw, "Take your organisation's opinion on it back")
      ->excludes(because)
      ->excludes(tlp)
      ->excludes(unnamed);
  command->footer(
      "Your organisation has one opinion on an object: another reason is a new version of it.\n\n"
      "Examples:\n"
      "  tocsin dispute indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --because \"our NAT gateway, 40,000 users\"\n"
      "  tocsin dispute indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --withdraw");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return dispute(s, c, *options); }; });
}

}  // namespace

void add_responding(CLI::App& app, Command& chosen) {
  add_sight(app, chosen);
  add_dispute(app, chosen);
}

}  // namespace tocsin::client
