#include "clients/cpp/program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/completion.hpp"
#include "clients/cpp/files.hpp"

namespace tocsin::client {
namespace {

constexpr char const* kAbout =
    "tocsin: share threat indicators with the other members of a Tocsin server (STIX 2.1 over TAXII 2.1).";

constexpr char const* kFile = "FILE";  // names arguments and values that are file names, for completion too

constexpr char const* kFooter = R"(Examples:
  export TOCSIN_URL=https://tocsin.example:8443 TOCSIN_CA=ca.crt TOCSIN_TOKEN=@lab.token
  tocsin whoami                                    who the server takes you for
  tocsin submit indicators.json                    share a STIX bundle with the collection "network"
  tocsin pull --since 2026-01-31 -o new.ndjson     what was added since then, one object a line
  tocsin pull --type indicator | jq -r .pattern    every indicator's pattern
  tocsin watch --type indicator                    every indicator as it is shared
  tocsin get indicator--... --all-versions         one object's history

Environment (an option overrides it, so does a profile named with --profile; it overrides the profile default):
  TOCSIN_URL    the server, https://HOST[:PORT]
  TOCSIN_TOKEN  your token, or @FILE that holds it
  TOCSIN_CA     PEM file of the authority that signed the server's certificate
  TOCSIN_CERT   PEM file of your client certificate, for a listener that asks for one; TOCSIN_KEY of its private key

Profiles: $XDG_CONFIG_HOME/tocsin/profiles.toml (or ~/.config/tocsin/profiles.toml):
  [default]                                        used when nothing else names a server
  url = "https://tocsin.example:8443"
  token_file = "lab.token"                         or token = "..."
  ca = "ca.crt"                                    paths are relative to the profile file
                                                   cert and key name a client certificate

Exit codes:
  0  done; everything was accepted
  1  usage, input file or another local error
  2  the server refused some of the objects
  3  not authorised (401, 403)
  4  the server or the network failed, or work is still pending
  5  not found)";

constexpr char const* kOfEvery =
    "\n\nOptions of every command (--url, --token, --ca, --cert, --key, --profile, --json): see tocsin --help";

// What the command line says.
struct Arguments {
  GlobalOptions global;
  SubmitOptions submit;
  PullOptions pull;
  GetOptions get;
  WatchOptions watch;
  RangesOptions ranges;
  AlertsOptions alerts;
  DisputeOptions dispute;
  std::string status_id, shell;
};

using Command = std::function<Outcome<Exit>(Session&, Console&)>;

void add_globals(CLI::App& app, Arguments& arguments, bool& json) {
  app.add_option("--url", arguments.global.url, "The server: https://HOST[:PORT]");
  app.add_option("--token", arguments.global.token,
                 "Your token, or @FILE that holds it (others see a bare token in ps)");
  app.add_option("--ca", arguments.global.ca, "PEM file of the authorities to trust instead of the system's")
      ->type_name(kFile);
  app.add_option("--cert", arguments.global.certificate, "PEM file of your client certificate")->type_name(kFile);
  app.add_option("--key", arguments.global.key, "PEM file of its private key, when that is another")->type_name(kFile);
  app.add_option("--profile", arguments.global.profile, "A profile of profiles.toml");
  app.add_flag("--json", json, "Print one JSON document");
}

void add_submit(CLI::App& app, Arguments& arguments, Command& chosen) {
  auto* command = app.add_subcommand("submit", "Share STIX objects: bundles, TAXII envelopes, arrays, NDJSON");
  command->add_option(kFile, arguments.submit.files, "Files to read; - is standard input")->required();
  command->add_option("--collection", arguments.submit.collection, "Collection to add to: id, alias or title")
      ->capture_default_str();
  command->add_flag("--as-member", arguments.submit.as_member,
                    "Name the instance as the creator, and your organisation nowhere");
  command->footer(
      "Files are checked before anything is sent. Objects go in batches of up to 500; submitting again is harmless.\n"
      "Refusals are printed one a line on standard error, and the exit code is 2.\n\n"
      "Examples:\n"
      "  tocsin submit indicators.json campaigns.json\n"
      "  tocsin pull --profile staging | tocsin submit --profile default -");
  command->callback([&] { chosen = [&](Session& s, Console& c) { return submit(s, c, arguments.submit); }; });
}

void add_pull(CLI::App& app, Arguments& arguments, Command& chosen) {
  auto& pull_options = arguments.pull;
  auto* command = app.add_subcommand("pull", "Print the objects you may read");
  command->add_option("--collection", pull_options.collection, "Only this collection: id, alias or title");
  command->add_option("--since", pull_options.since, "Only what was added after this date or timestamp");
  command->add_option("--format", pull_options.format, "One object a line, or one bundle")
      ->capture_default_str()
      ->check(CLI::IsMember({"ndjson", "bundle"}));
  command->add_option("--type", pull_options.types, "Only this STIX type (repeatable)")->allow_extra_args(false);
  command->add_option("--id", pull_options.ids, "Only this object (repeatable)")->allow_extra_args(false);
  command->add_flag("--all-versions", pull_options.all_versions, "Every version, not only the latest");
  command->add_option("--limit", pull_options.limit, "At most so many objects")->check(CLI::Range(1, 1'000'000'000));
  command->add_option("-o,--output", pull_options.output, "Write to this file, replaced only when the pull is complete")
      ->type_name(kFile);
  command->footer(
      "The last line on standard error says which --since the next pull goes on from.\n"
      "Objects are printed byte for byte as the server stores them. --json means --format bundle.\n\n"
      "Examples:\n"
      "  tocsin pull --since 2026-01-31 -o new.ndjson\n"
      "  tocsin pull --type indicator --type malware | jq -r .name");
  command->callback([&] { chosen = [&](Session& s, Console& c) { return pull(s, c, pull_options); }; });
}

void add_watch(CLI::App& app, Arguments& arguments, Command& chosen) {
  auto& options = arguments.watch;
  auto* command = app.add_subcommand("watch", "Print objects as they are published");
  command->add_option("--collection", options.collections, "Only this collection: id, alias or title (repeatable)")
      ->allow_extra_args(false);
  command->add_option("--type", options.types, "Only this STIX type (repeatable)")->allow_extra_args(false);
  command->add_option("--since", options.since, "Go on behind the event with this id");
  command->footer(
      "One object a line, byte for byte as the server stores it, until you stop it or your token ends.\n"
      "A broken connection is made again, and nothing is lost or printed twice.\n\n"
      "Examples:\n"
      "  tocsin watch --type indicator | jq -r --unbuffered .pattern\n"
      "  tocsin watch --collection network --collection campaigns");
  command->callback([&] { chosen = [&](Session& s, Console& c) { return watch(s, c, options); }; });
}

void add_own_ranges(CLI::App& app, Arguments& arguments, Command& chosen) {
  auto* ranges_command = app.add_subcommand("ranges", "Say which ranges are your organisation's own");
  ranges_command->add_option("ACTION", arguments.ranges.action, "add, list or remove")
      ->required()
      ->check(CLI::IsMember({"add", "list", "remove"}));
  ranges_command->add_option("RANGE", arguments.ranges.ranges,
                             "Address ranges and autonomous systems; - is standard input, one a line");
  ranges_command->footer(
      "Nobody but your organisation's analysts is told them. What is added twice is there once.\n\n"
      "Examples:\n"
      "  tocsin ranges add 203.0.113.0/24 2001:db8::/32 AS64500\n"
      "  tocsin ranges remove - < old-ranges.txt");
  ranges_command->callback([&] { chosen = [&](Session& s, Console& c) { return ranges(s, c, arguments.ranges); }; });

  auto* alerts_command = app.add_subcommand("alerts", "Print the objects that are about your own ranges");
  alerts_command->add_option("--after", arguments.alerts.after, "Go on behind the place that an earlier run printed");
  alerts_command->add_option("--limit", arguments.alerts.limit, "At most so many alerts")
      ->check(CLI::Range(1, 1'000'000'000));
  alerts_command->footer(
      "Columns: range (+ how many others), version, id, collection.\n"
      "The last line on standard error says which --after the next run goes on from.\n\n"
      "Examples:\n  tocsin alerts --json | jq -r '.alerts[].id'");
  alerts_command->callback([&] { chosen = [&](Session& s, Console& c) { return alerts(s, c, arguments.alerts); }; });

  auto* dispute_command = app.add_subcommand("dispute", "Say that an object is wrong, to all who see it");
  dispute_command->add_option("ID", arguments.dispute.id, "The object's id")->required();
  dispute_command->add_option("--because", arguments.dispute.because, "What is wrong with it")->required();
  dispute_command->add_option("--tlp", arguments.dispute.tlp, "A stricter TLP level than the object's");
  dispute_command->add_option("--collection", arguments.dispute.collection,
                              "Only in this collection: id, alias or title");
  dispute_command->add_flag("--as-member", arguments.dispute.as_member,
                            "Name the instance as the creator, and your organisation nowhere");
  dispute_command->footer(
      "Submits a STIX opinion with the object's markings to the collection that the object is in.\n\n"
      "Examples:\n"
      "  tocsin dispute indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --because \"our NAT gateway, 40,000 users\"");
  dispute_command->callback([&] { chosen = [&](Session& s, Console& c) { return dispute(s, c, arguments.dispute); }; });
}

void add_others(CLI::App& app, Arguments& arguments, Command& chosen) {
  auto* get_command = app.add_subcommand("get", "Print one object");
  get_command->add_option("ID", arguments.get.id, "The object's id")->required();
  get_command->add_option("--collection", arguments.get.collection, "Only in this collection: id, alias or title");
  get_command->add_flag("--all-versions", arguments.get.all_versions, "Every version, not only the latest");
  get_command->footer("Examples:\n  tocsin get indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f --all-versions");
  get_command->callback([&] { chosen = [&](Session& s, Console& c) { return get(s, c, arguments.get); }; });

  auto* status_command = app.add_subcommand("status", "Say what became of a submission");
  status_command
      ->add_option("ID", arguments.status_id,
                   "The status id: submit --json lists it, and submit names it when work is still pending")
      ->required();
  status_command->footer("Examples:\n  tocsin status 2d086da7-4bdc-4f91-900e-d77486753710");
  status_command->callback([&] { chosen = [&](Session& s, Console& c) { return status(s, c, arguments.status_id); }; });

  app.add_subcommand("whoami", "Say who the server takes you for, and what you may do")
      ->footer("Examples:\n  tocsin whoami --profile staging")
      ->callback([&] { chosen = whoami; });
  app.add_subcommand("collections", "List the collections you may know of")
      ->footer("Examples:\n  tocsin collections --json | jq -r '.collections[].title'")
      ->callback([&] { chosen = list_collections; });

  auto* completion = app.add_subcommand("completion", "Print a completion script for your shell");
  completion->add_option("SHELL", arguments.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->footer(
      "Examples:\n"
      "  source <(tocsin completion bash)      in ~/.bashrc\n"
      "  source <(tocsin completion zsh)       in ~/.zshrc, after compinit\n"
      "  tocsin completion fish | source       in ~/.config/fish/config.fish");
}

OptionHelp describe(CLI::Option const& option) {
  OptionHelp out{"--" + option.get_lnames().front(), option.get_description(), Value::none, {}};
  if (option.get_items_expected_max() > 0) out.value = Value::text;
  if (option.get_type_name() == kFile) out.value = Value::file;
  if (out.name == "--format") {
    out.value = Value::choice;
    out.choices = {"ndjson", "bundle"};
  }
  return out;
}

std::vector<OptionHelp> describe_options(CLI::App const& app) {
  std::vector<OptionHelp> out;
  for (auto const* option : app.get_options([](CLI::Option const* o) { return !o->get_lnames().empty(); })) {
    out.push_back(describe(*option));
  }
  return out;
}

ProgramHelp describe(CLI::App const& app) {
  ProgramHelp out{describe_options(app), {}};
  for (auto const* command : app.get_subcommands([](CLI::App const*) { return true; })) {
    CommandHelp help{command->get_name(), command->get_description(), describe_options(*command), Value::none, {}};
    std::erase_if(help.options, [](auto const& option) { return option.name == "--help"; });
    if (command->get_option_no_throw(kFile) != nullptr) help.argument = Value::file;
    if (help.name == "ranges") {
      help.argument = Value::choice;
      help.choices = {"add", "list", "remove"};
    }
    if (help.name == "completion") {
      help.argument = Value::choice;
      help.choices = {"bash", "zsh", "fish"};
    }
    out.commands.push_back(std::move(help));
  }
  return out;
}

Exit report(Failure const& failure, Console& console) {
  console.err << "tocsin: " << failure.message << "\n  " << failure.remedy << '\n';
  return failure.exit;
}

// With --json the failure is the document, unless the command has already printed one (submit does, with its counts).
Exit report_json(Failure const& failure, Console& console) {
  if (!console.began) {
    nlohmann::json const document{
        {"error",
         {{"exit", static_cast<int>(failure.exit)}, {"message", failure.message}, {"remedy", failure.remedy}}}};
    console.out << document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  }
  return report(failure, console);
}

Exit finish(Failure const& failure, Console& console) {
  return console.json ? report_json(failure, console) : report(failure, console);
}

bool has(std::vector<std::string> const& words, std::string const& word) {
  return std::ranges::find(words, word) != words.end();
}

// What is wrong with the command line. CLI11 lists words that it does not know backwards, and with them those that it
// only knows elsewhere; here the first of them is named.
std::string sentence_about(CLI::App const& app, CLI::ParseError const& error,
                           std::vector<std::string> const& arguments) {
  auto const named = app.get_subcommands();
  auto const rest = app.remaining(true);
  auto const first = std::ranges::find_if(arguments, [&](auto const& word) { return has(rest, word); });
  auto const is_option = [](std::string const& word) { return word.starts_with('-'); };
  if (named.empty()) {
    auto const word = std::ranges::find_if_not(rest, is_option);
    if (word != rest.end()) return "There is no command " + printable(*word) + ".";
  } else if (dynamic_cast<CLI::ExtrasError const*>(&error) != nullptr && first != arguments.end()) {
    auto const& command = named.front()->get_name();
    auto const option = first->substr(0, first->find('='));
    if (!is_option(*first)) return printable(*first) + " is one word more than " + command + " takes.";
    if (named.front()->get_option_no_throw(option) == nullptr)
      return "The command " + command + " has no option " + printable(option) + ".";
    return "The option " + printable(option) + " belongs after its command: tocsin " + command + " " +
           printable(option) + " ...";
  }
  std::string sentence = printable(error.what());
  if (!sentence.ends_with('.')) sentence += '.';
  return sentence;
}

// What is wrong with the command line, or the help that was asked for.
Exit finish(CLI::App const& app, CLI::ParseError const& error, std::vector<std::string> const& arguments,
            Console& console) {
  if (error.get_exit_code() == 0) {
    app.exit(error, console.out, console.err);
    return Exit::ok;
  }
  auto const named = app.get_subcommands();
  auto const help = "tocsin " + (named.empty() ? "" : named.front()->get_name() + " ") + "--help";
  auto sentence = sentence_about(app, error, arguments);
  return finish({Exit::local, std::move(sentence), "See what there is with: " + help}, console);
}

Outcome<Exit> carry_out(Command const& command, GlobalOptions const& global, Console& console,
                        Environment const& environment, Pause const& pause) {
  auto profile = resolve_profile(global, environment);
  if (!profile) return std::unexpected(std::move(profile.error()));
  for (auto const& warning : profile->warnings) console.err << "tocsin: warning: " << warning << '\n';
  auto session = Session::open(*profile, pause);
  if (!session) return std::unexpected(std::move(session.error()));
  return command(*session, console);
}

// What was printed is of use only when it has arrived: a full disk is noticed when the buffer is emptied.
Exit delivered(Exit exit, Console& console) {
  errno = 0;
  console.out.flush();
  if (console.out || exit == Exit::local) return exit;  // a local failure has been told, this one perhaps
  auto const failure =
      errno != 0 ? file_failure("Standard output", "written", errno)
                 : fail(Exit::local, "Standard output cannot be written.", "Check that there is room where it goes.");
  report(failure.error(), console);
  return exit == Exit::ok ? Exit::local : exit;
}

Exit parse_and_carry_out(std::vector<std::string> const& arguments, Console& console, Environment const& environment,
                         Pause const& pause) {
  Arguments parsed;
  Command chosen;
  CLI::App app(kAbout, "tocsin");
  app.footer(kFooter);
  app.set_version_flag("--version", "tocsin " TOCSIN_VERSION);
  app.require_subcommand(1);
  add_globals(app, parsed, console.json);
  add_submit(app, parsed, chosen);
  add_pull(app, parsed, chosen);
  add_watch(app, parsed, chosen);
  add_own_ranges(app, parsed, chosen);
  add_others(app, parsed, chosen);
  for (auto* command : app.get_subcommands([](CLI::App*) { return true; })) {
    command->fallthrough();
    command->footer(command->get_footer() + kOfEvery);
  }
  // A command line with a mistake may not be read as far as its --json.
  console.json = has(arguments, "--json");
  try {
    app.parse(std::vector(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
  } catch (CLI::ParseError const& error) {
    return finish(app, error, arguments, console);
  }
  if (!parsed.shell.empty()) {
    console.out << *completion_script(parsed.shell, describe(app));
    return Exit::ok;
  }
  auto done = carry_out(chosen, parsed.global, console, environment, pause);
  return done ? *done : finish(done.error(), console);
}

}  // namespace

Exit run_program(std::vector<std::string> arguments, Console& console, Environment const& environment,
                 Pause const& pause) {
  return delivered(parse_and_carry_out(arguments, console, environment, pause), console);
}

}  // namespace tocsin::client
