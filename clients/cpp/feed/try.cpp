#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/access_log.hpp"
#include "clients/cpp/commands.hpp"
#include "clients/cpp/feed/trial.hpp"
#include "clients/cpp/field_maps.hpp"
#include "clients/cpp/files.hpp"
#include "clients/cpp/scan/pulling.hpp"
#include "clients/cpp/scan/scan_report.hpp"
#include "clients/logs/log_reader.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

constexpr std::size_t kShownAccounts = 10, kTold = 1'000;

Outcome<logs::LogCounts> read_log(Console& console, FeedOptions const& options, Trial& trial) {
  auto reader = make_log_reader(std::nullopt, options.maps, "feed", [&](auto const& record) { trial.take(record); });
  if (!reader) return std::unexpected(std::move(reader.error()));
  if (auto read = read_access_log(options.log, console, *reader); !read)
    return std::unexpected(std::move(read.error()));
  return reader->counts();
}

struct Tried {
  std::size_t entries = 0;  // of the feed
  logs::LogCounts counts;
};

json to_json(Trial::Counts const& counts) { return {{"requests", counts.requests}, {"accounts", counts.accounts}}; }

json document_of(FeedOptions const& options, Tried const& tried, Trial const& trial) {
  json accounts = json::array();
  for (auto const& [name, account] : trial.most_hit(kTold))
    accounts.push_back({{"account", name},
                        {"requests", account.requests},
                        {"hit", account.hit},
                        {"second_kind", account.second_kind}});
  json out{{"feed", options.request.name},
           {"entries", tried.entries},
           {"requests", tried.counts.records},
           {"bad_lines", tried.counts.bad()},
           {"without_address", trial.without_address()},
           {"hit", to_json(trial.hit())},
           {"of_one_kind", to_json(trial.of_one_kind())},
           {"accounts", std::move(accounts)}};
  if (trial.seen().requests > 0) {
    out["first_seen"] = time_text(trial.seen().first_us);
    out["last_seen"] = time_text(trial.seen().last_us);
  }
  return out;
}

void print_log(std::ostream& out, logs::LogCounts const& counts, Trial const& trial) {
  if (counts.bad() > 0) {
    out << counted(counts.bad(), "line that is none", "lines that are none") << '\n';
    for (auto const& line : counts.worst) out << "  line " << line.line << ": " << line.why << '\n';
  }
  if (trial.without_address() > 0)
    out << counted(trial.without_address(), "request has", "requests have") << " no address\n";
}

void print(Console& console, FeedOptions const& options, Tried const& tried, Trial const& trial) {
  auto const hit = trial.hit(), alone = trial.of_one_kind();
  auto& out = console.out;
  out << printable(options.request.name) << " of " << counted(tried.entries, "entry", "entries") << " would have hit "
      << grouped(hit.requests) << " of " << counted(tried.counts.records, "request", "requests") << ", of "
      << counted(hit.accounts, "account", "accounts") << '\n';
  if (trial.seen().requests > 0)
    out << "from " << time_text(trial.seen().first_us) << " to " << time_text(trial.seen().last_us) << '\n';
  print_log(out, tried.counts, trial);
  out << "without a second kind of evidence: " << counted(alone.requests, "request", "requests") << ", of "
      << counted(alone.accounts, "account", "accounts") << '\n';
  for (auto const& [name, account] : trial.most_hit(kShownAccounts))
    out << "  " << printable(name) << "  " << grouped(account.hit) << " of "
        << counted(account.requests, "request", "requests") << (account.second_kind ? "; not only by its address" : "")
        << '\n';
}

}  // namespace

Outcome<Exit> try_feed(Session& session, Console& console, FeedOptions const& options) {
  // What cannot be read is told before anything is asked for.
  if (auto made = make_log_reader(std::nullopt, options.maps, "feed", [](auto const&) {}); !made)
    return std::unexpected(std::move(made.error()));
  if (options.log != "-")
    if (auto const size = size_of_file(options.log, options.log); !size) return std::unexpected(size.error());
  auto const answer = ask_for_feed(session, options.request, "");
  if (!answer) return std::unexpected(answer.error());
  auto const listed = Listed::of(answer->bytes.value_or(""));
  if (!listed)
    return fail(Exit::local, "The feed " + printable(options.request.name) + " is no list of networks.",
                "Name one that ends in -v4 or -v6.");
  auto const known = pull_known(session, console, 0);
  if (!known) return std::unexpected(known.error());
  Trial trial(*listed, **known);
  auto counts = read_log(console, options, trial);
  if (!counts) return std::unexpected(std::move(counts.error()));
  Tried const tried{answer->entries, *std::move(counts)};
  if (console.json)
    console.out << document_of(options, tried, trial).dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
  else
    print(console, options, tried, trial);
  return Exit::ok;
}

}  // namespace tocsin::client
