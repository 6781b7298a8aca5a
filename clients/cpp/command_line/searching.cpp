#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"

namespace tocsin::client {
namespace {

struct Row {
  char const* option;
  char const* parameter;
  char const* meaning;
};

constexpr std::array kRows{
    Row{"--kind", "kind", "Only indicators of this kind"},
    Row{"--contains", "contains", "Addresses and networks that this address or network lies in"},
    Row{"--within", "within", "Addresses and networks that lie in this network"},
    Row{"--covers", "covers", "What covers this value: itself, networks that it lies in, domains above it"},
    Row{"--campaign", "campaign", "Only what names this campaign, by its id"},
    Row{"--organisation", "organisation", "Only what names this member as its creator: name, or id of its identity"},
    Row{"--label", "label", "Only what has this label"},
    Row{"--text", "q", "Words of its texts; \"a phrase\"; begin*"},
    Row{"--min-confidence", "min_confidence", "Only what its author is so sure of, in percent"},
    Row{"--active-at", "active_at", "Only what holds at this time, as 2026-01-31T12:00:00Z"},
};

void add_search(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<SearchOptions>();
  auto* command = app.add_subcommand("search", "Find indicators by what they are about");
  auto const add = [&](char const* option, std::string const& parameter, char const* meaning) {
    command->add_option_function<std::string>(
        option, [options, parameter](std::string const& text) { options->filters.emplace_back(parameter, text); },
        meaning);
  };
  add("VALUE", "value", "An address, a network, AS64500, a domain, or whatever else the indicator is of");
  for (auto const& row : kRows) add(row.option, row.parameter, row.meaning);
  command->add_option("--limit", options->limit, "At most so many indicators")->check(CLI::Range(1, 1'000'000'000));
  command->footer(
      "Columns: value, kind, level, what is left of the confidence (and what was stated, where that is more), how\n"
      "many organisations say it independently + how many repeat it, until when it holds or `revoked`, suggested\n"
      "action, id.\n\n"
      "Examples:\n"
      "  tocsin search 203.0.113.7\n"
      "  tocsin search --contains 203.0.113.7\n"
      "  tocsin search --within 203.0.113.0/24 --min-confidence 80\n"
      "  tocsin search --text 'residential \"seen in May\" recruit*'\n"
      "  tocsin search --kind proxy-asn --json | jq -r '.indicators[].value'");
  command->callback(
      [&chosen, options] { chosen = [options](Session& s, Console& c) { return search(s, c, *options); }; });
}

void add_show(CLI::App& app, Command& chosen) {
  auto id = std::make_shared<std::string>();
  auto* command = app.add_subcommand("show", "Say what members say of an indicator, and since when");
  command->add_option("ID", *id, "Its id; tocsin search prints them")->required();
  command->footer("Examples:\n  tocsin show indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f");
  command->callback([&chosen, id] { chosen = [id](Session& s, Console& c) { return show(s, c, *id); }; });
}

void add_why(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<WhyOptions>();
  auto* command = app.add_subcommand("why", "Say who claims what of a value, and how to dispute it");
  command->add_option("VALUE", options->value, "An address, a network, AS64500, a domain, or another value")
      ->required();
  command->add_option("--kind", options->kind, "Only indicators of this kind");
  command->footer(
      "Claims of the value itself, of networks that it lies in, and of domains above it.\n\n"
      "Examples:\n"
      "  tocsin why 203.0.113.7\n"
      "  tocsin why exit.proxy.example --json | jq -r '.claims[].dispute'");
  command->callback([&chosen, options] { chosen = [options](Session& s, Console& c) { return why(s, c, *options); }; });
}

}  // namespace

void add_searching(CLI::App& app, Command& chosen) {
  add_search(app, chosen);
  add_show(app, chosen);
  add_why(app, chosen);
}

}  // namespace tocsin::client
