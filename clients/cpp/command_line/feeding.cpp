#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "clients/cpp/command_line/command_line.hpp"
#include "clients/cpp/feed/entries.hpp"
#include "clients/cpp/verification/named_key.hpp"

namespace tocsin::client {
namespace {

std::unexpected<Failure> misused(std::string sentence) {
  return fail(Exit::local, std::move(sentence), "See: tocsin feed --help");
}

Outcome<void> take_key(FeedOptions& options) {
  if (!options.vkey) return {};
  auto key = named_key(*options.vkey, log::KeyType::signature, "--vkey");
  if (!key) return std::unexpected(std::move(key.error()));
  options.request.key = *std::move(key);
  return {};
}

Outcome<void> usable(FeedOptions& options, bool executes) {
  if (executes && options.command.empty()) return misused("No command stands behind --exec.");
  if (options.to.empty()) return misused("--to does not say which file.");
  if (!options.log.empty() || !options.maps.empty()) return misused("A log and --map go with try.");
  return take_key(options);
}

Outcome<void> usable_to_try(FeedOptions& options, bool executes) {
  if (executes || !options.to.empty()) return misused("--to and --exec go with pull and follow.");
  if (options.request.format != "text") return misused("--format goes with pull and follow.");
  if (options.log.empty()) return misused("No log is named.");
  return take_key(options);
}

struct Row {
  char const* option;
  char const* parameter;
  char const* meaning;
};

constexpr std::array kRows{
    Row{"--max-entries", "max_entries", "What your product takes; a longer feed is an error"},
    Row{"--min-confidence", "min_confidence", "Only what its author is so sure of, in percent"},
    Row{"--min-corroboration", "min_corroboration", "Only what so many parties say independently"},
    Row{"--max-age", "max_age", "Only what was said within so many days"},
    Row{"--collection", "collection", "Only what these collections have, as network,curated"},
    Row{"--proxy-class", "proxy_class", "Only where somebody says one of these is behind it, as vpn,tor"},
    Row{"--max-tlp", "max_tlp", "Only up to this level: clear, green, amber, amber+strict"},
    Row{"--include", "include", "Of a block feed: exceptions, as shared-egress,mobile"},
};

void add_selection(CLI::App& command, std::shared_ptr<FeedOptions> const& options) {
  for (auto const& row : kRows)
    command.add_option_function<std::string>(
        row.option,
        [options, row](std::string const& text) { options->request.parameters.emplace_back(row.parameter, text); },
        row.meaning);
}

void add_guards(CLI::App& command, FeedOptions& options) {
  command.add_flag("--accept-empty", options.guard.accept_empty, "Let an empty list take the place of one that is not");
  command.add_flag("--accept-older", options.guard.accept_older,
                   "Let a list take the place of one that the server told later");
  command.add_option("--max-shrink", options.guard.max_shrink, "A list that lost more percent than this is refused")
      ->capture_default_str()
      ->check(CLI::Range(0, 100));
  command.add_option("--max-growth", options.guard.max_growth, "A list that grew by more percent than this is refused")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000'000));
}

}  // namespace

void add_feeding(CLI::App& app, std::vector<std::string> const& behind_exec, Command& chosen, LocalCommand& local) {
  auto options = std::make_shared<FeedOptions>();
  auto const executes = std::make_shared<bool>(false);
  auto* command = app.add_subcommand("feed", "Keep a file as a feed for a firewall or a gateway is");
  command->add_option("ACTION", options->action, "pull, follow or try")
      ->required()
      ->check(CLI::IsMember({"pull", "follow", "try"}));
  command->add_option("NAME", options->request.name, "The feed, as block-v4")->required();
  command->add_option("LOG", options->log, "Of try: an access log, as tocsin scan reads it; - is standard input");
  command
      ->add_option("--map", options->maps,
                   "Of try: which member of a line says what, as FIELD=NAME, or @FILE with one a line (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--to", options->to, "The file, replaced as a whole and only by what is a whole feed")
      ->type_name(kFile);
  command->add_option("--format", options->request.format, "What the file is to be read by")
      ->capture_default_str()
      ->check(CLI::IsMember(kFeedFormats));
  add_selection(*command, options);
  command->add_option("--vkey", options->vkey,
                      "The public key of the instance's log, or @FILE: the feed has to be signed with it");
  add_guards(*command, *options);
  command->add_flag("--exec", *executes,
                    "Run the words behind it as a command when the file changed; when that fails, the file is put "
                    "back. The last option");
  command->footer(
      "pull asks once, follow as often as something is published and until you stop it. The file is written only when\n"
      "it changed, and the command runs only then, without a shell.\n"
      "try says which requests and accounts of a log the feed would have hit, and sends nothing of the log.\n"
      "Exit codes: 0 the file is the feed; 1 the file or the command failed, and the file is what it was; 3 not\n"
      "authorised; 4 the server or the network failed; 5 no such feed; 6 the list was refused as too small, too\n"
      "large, empty, older or not signed, or the file holds something else.\n\n"
      "Examples:\n"
      "  tocsin feed pull block-v4 --format nftables --to block-v4.nft --exec nft -f block-v4.nft\n"
      "  tocsin feed follow observe-v4 --format nginx-geo --to observe-v4.geo --exec sh -c 'nginx -t && nginx -s "
      "reload'\n"
      "  tocsin feed try block-v4 access.json");
  command->callback([&chosen, &local, &behind_exec, options, executes] {
    options->command = behind_exec;
    if (options->action == "follow")
      local = [options, executes](Console& c, GlobalOptions const& g, Environment const& e) -> Outcome<Exit> {
        if (auto fit = usable(*options, *executes); !fit) return std::unexpected(std::move(fit.error()));
        return follow_feed(c, *options, g, e);
      };
    else if (options->action == "try")
      chosen = [options, executes](Session& s, Console& c) -> Outcome<Exit> {
        if (auto fit = usable_to_try(*options, *executes); !fit) return std::unexpected(std::move(fit.error()));
        return try_feed(s, c, *options);
      };
    else
      chosen = [options, executes](Session& s, Console& c) -> Outcome<Exit> {
        if (auto fit = usable(*options, *executes); !fit) return std::unexpected(std::move(fit.error()));
        return pull_feed(s, c, *options);
      };
  });
}

}  // namespace tocsin::client
