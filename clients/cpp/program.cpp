#include "clients/cpp/program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "clients/cpp/command_line/command_line.hpp"
#include "clients/cpp/completion.hpp"
#include "clients/cpp/connect_forms.hpp"
#include "clients/cpp/feed/entries.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/output_form.hpp"

namespace tocsin::client {
namespace {

constexpr char const* kAbout =
    "tocsin: share threat indicators with the other members of a Tocsin server (STIX 2.1 over TAXII 2.1).";

constexpr char const* kFooter = R"(Examples:
  export TOCSIN_URL=https://tocsin.example:8443 TOCSIN_CA=ca.crt TOCSIN_TOKEN=@lab.token
  tocsin whoami                                    who the server takes you for
  tocsin share --kind ip-range addresses.txt       share a list of addresses
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
  TOCSIN_FORMAT table or json: how a command prints; else a table on a terminal, and JSON into a pipe or a file

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
  5  not found
  6  not verified)";

constexpr char const* kOfEvery =
    "\n\nOptions of every command (--url, --token, --ca, --cert, --key, --profile, --json, --table): see tocsin --help";

void add_globals(CLI::App& app, GlobalOptions& global, FormOptions& form) {
  app.add_option("--url", global.url, "The server: https://HOST[:PORT]");
  app.add_option("--token", global.token, "Your token, or @FILE that holds it (others see a bare token in ps)");
  app.add_option("--ca", global.ca, "PEM file of the authorities to trust instead of the system's")->type_name(kFile);
  app.add_option("--cert", global.certificate, "PEM file of your client certificate")->type_name(kFile);
  app.add_option("--key", global.key, "PEM file of its private key, when that is another")->type_name(kFile);
  app.add_option("--profile", global.profile, "A profile of profiles.toml");
  auto* json = app.add_flag("--json", form.json, "Print one JSON document, on a terminal too");
  app.add_flag("--table", form.table, "Print for people, into a pipe or a file too")->excludes(json);
}

void add_completion(CLI::App& app, std::string& shell) {
  auto* completion = app.add_subcommand("completion", "Print a completion script for your shell");
  completion->add_option("SHELL", shell, "bash, zsh or fish")
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
    for (auto& option : help.options) {
      if (option.name != "--format") continue;
      if (help.name == "share" || help.name == "submit") option.choices = kItemForms;
      if (help.name == "feed") option.choices = kFeedFormats;
      if (help.name == "scan") option.choices = kLogFormats;
    }
    if (help.name == "feed") {
      help.argument = Value::choice;
      help.choices = {"pull", "follow", "try"};
    }
    if (help.name == "campaign") {
      help.argument = Value::choice;
      help.choices = {"list", "show"};
    }
    if (help.name == "log") {
      help.argument = Value::choice;
      help.choices = {"fsck"};
    }
    if (help.name == "ranges") {
      help.argument = Value::choice;
      help.choices = {"add", "list", "remove"};
    }
    if (help.name == "connect") {
      help.argument = Value::choice;
      for (auto const& product : products()) help.choices.emplace_back(product.name);
    }
    if (help.name == "canary") {
      help.argument = Value::choice;
      help.choices = {"plant", "again", "list", "reveal"};
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

// Where the form is JSON the failure is the document, unless the command has already printed one (submit does, with its
// counts).
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

Outcome<bool> form_of(CLI::App const& app, FormOptions const& given, Console const& console,
                      Environment const& environment) {
  auto const named = app.get_subcommands();
  return prints_json(given, named.empty() ? "" : named.front()->get_name(), console.piped, environment);
}

// The words behind --exec, taken out: they are options of another program.
std::vector<std::string> take_behind_exec(std::vector<std::string>& arguments) {
  auto const exec = std::ranges::find(arguments, "--exec");
  if (exec == arguments.end()) return {};
  std::vector<std::string> out(exec + 1, arguments.end());
  arguments.erase(exec + 1, arguments.end());
  return out;
}

Exit parse_and_carry_out(std::vector<std::string> arguments, Console& console, Environment const& environment,
                         Pause const& pause) {
  GlobalOptions global;
  FormOptions form;
  std::string shell;
  Command chosen;
  LocalCommand local;
  auto const behind_exec = take_behind_exec(arguments);
  CLI::App app(kAbout, "tocsin");
  app.footer(kFooter);
  app.set_version_flag("--version", "tocsin " TOCSIN_VERSION);
  app.require_subcommand(1);
  add_globals(app, global, form);
  add_sharing(app, chosen);
  add_reading(app, chosen);
  add_own_ranges(app, chosen);
  add_muting(app, chosen);
  add_responding(app, chosen);
  add_retracting(app, chosen);
  add_recalling(app, chosen);
  add_releasing(app, chosen);
  add_moderating(app, chosen);
  add_campaigns(app, chosen);
  add_searching(app, chosen);
  add_feeding(app, behind_exec, chosen, local);
  add_scanning(app, chosen);
  add_peers(app, chosen);
  add_canaries(app, environment, chosen, local);
  add_verifying(app, local);
  add_drafting(app, local);
  add_profiling(app, local);
  add_mining(app, local);
  add_joining(app, local);
  add_logs(app, local);
  add_connecting(app, chosen);
  add_completion(app, shell);
  for (auto* command : app.get_subcommands([](CLI::App*) { return true; })) {
    command->fallthrough();
    command->footer(command->get_footer() + kOfEvery);
  }
  // A command line with a mistake may not be read as far as its --json.
  form = {.json = has(arguments, "--json"), .table = has(arguments, "--table")};
  try {
    app.parse(std::vector(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
  } catch (CLI::ParseError const& error) {
    console.json = form_of(app, form, console, environment).value_or(form.json);
    return finish(app, error, arguments, console);
  }
  auto const json = form_of(app, form, console, environment);
  console.json = json.value_or(form.json);
  if (!json) return finish(json.error(), console);
  if (!shell.empty()) {
    console.out << *completion_script(shell, describe(app));
    return Exit::ok;
  }
  auto done = local ? local(console, global, environment) : carry_out(chosen, global, console, environment, pause);
  return done ? *done : finish(done.error(), console);
}

}  // namespace

Exit run_program(std::vector<std::string> arguments, Console& console, Environment const& environment,
                 Pause const& pause) {
  return delivered(parse_and_carry_out(std::move(arguments), console, environment, pause), console);
}

}  // namespace tocsin::client
