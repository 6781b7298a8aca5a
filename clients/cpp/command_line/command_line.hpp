// The commands as the command line knows them: names, options, help, examples. One file a group; each command owns its
// options. Called by the program, on its thread, before the command line is parsed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "clients/cpp/commands.hpp"

namespace CLI {
class App;
}

namespace tocsin::client {

using Command = std::function<Outcome<Exit>(Session&, Console&)>;
// Needs no profile.
using LocalCommand = std::function<Outcome<Exit>(Console&, GlobalOptions const&, Environment const&)>;

inline constexpr char const* kFile = "FILE";  // names arguments and values that are file names, for completion too
inline std::vector<std::string> const kItemForms{"auto", "json", "ndjson", "csv", "list"};
inline std::vector<std::string> const kLogFormats{"auto", "nginx-json", "envoy", "alb", "gateway", "csv"};
inline std::vector<std::string> const kReasons{"wrong", "overshared", "personal-data", "ended", "duplicate"};

// Each adds its commands. When the command line names one of them, `chosen` becomes what carries it out.
void add_sharing(CLI::App& app, Command& chosen);
void add_reading(CLI::App& app, Command& chosen);
void add_muting(CLI::App& app, Command& chosen);
void add_own_ranges(CLI::App& app, Command& chosen);
void add_retracting(CLI::App& app, Command& chosen);
void add_recalling(CLI::App& app, Command& chosen);
void add_releasing(CLI::App& app, Command& chosen);
void add_moderating(CLI::App& app, Command& chosen);
void add_responding(CLI::App& app, Command& chosen);
void add_campaigns(CLI::App& app, Command& chosen);
void add_searching(CLI::App& app, Command& chosen);
// `behind_exec`: the words behind --exec, which are a command of the user's.
void add_feeding(CLI::App& app, std::vector<std::string> const& behind_exec, Command& chosen, LocalCommand& local);
void add_scanning(CLI::App& app, Command& chosen);
void add_peers(CLI::App& app, Command& chosen);
void add_connecting(CLI::App& app, Command& chosen);
// Part of it works over a session, and all of it in the user's own folder.
void add_canaries(CLI::App& app, Environment const& environment, Command& chosen, LocalCommand& local);
void add_verifying(CLI::App& app, LocalCommand& chosen);
void add_drafting(CLI::App& app, LocalCommand& chosen);
void add_mining(CLI::App& app, LocalCommand& chosen);
void add_profiling(CLI::App& app, LocalCommand& chosen);
void add_joining(CLI::App& app, LocalCommand& chosen);
void add_logs(CLI::App& app, LocalCommand& chosen);

}  // namespace tocsin::client
