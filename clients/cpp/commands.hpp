// The commands of `tocsin`. Each does its work over a session and prints to the console; one thread.
// A failure that ends the command early is returned; the program prints it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clients/cpp/console.hpp"
#include "clients/cpp/feed/feed_request.hpp"
#include "clients/cpp/feed/guard.hpp"
#include "clients/cpp/outcome.hpp"
#include "clients/cpp/session.hpp"
#include "clients/logs/field_names.hpp"

namespace tocsin::client {

struct ShareOptions {
  std::vector<std::string> files;                         // "-" is standard input
  std::string format = "auto";                            // or json, ndjson, csv, list
  std::vector<std::pair<std::string, std::string>> said;  // properties that the items do not say
  std::vector<std::string> set;                           // the same, as PROPERTY=VALUE
  bool dry_run = false;
  std::string override_reason;  // "": warnings refuse
  bool atomic = false;          // everything is stored, or nothing
  // Of tables; "": the header names properties, or the columns are the usual ones.
  std::string map{};      // COLUMN:PROPERTY,…
  std::string columns{};  // PROPERTY,… of a table without a header
};
// Items in the native form. Returns Exit::refused when items were refused.
[[nodiscard]] Outcome<Exit> share(Session& session, Console& console, ShareOptions const& options);

struct SubmitOptions {
  ShareOptions items;                     // also of STIX objects: the files, and the reason to override
  std::optional<std::string> collection;  // absent: network
  bool as_member = false;                 // the objects name the instance as their creator, and the submitter nowhere
};
// STIX objects: every file is read and checked before anything is sent. Returns Exit::refused when objects were
// refused. Files of items, or any option that speaks of items: `share`.
[[nodiscard]] Outcome<Exit> submit(Session& session, Console& console, SubmitOptions const& options);

struct PullOptions {
  std::optional<std::string> collection;
  std::optional<std::string> since;  // a STIX timestamp or a date
  std::string format = "ndjson";     // or "bundle"
  std::vector<std::string> types, ids;
  bool all_versions = false;
  std::optional<std::size_t> limit;   // objects in all
  std::optional<std::string> output;  // a file, replaced only when the pull is complete
};
[[nodiscard]] Outcome<Exit> pull(Session& session, Console& console, PullOptions const& options);

struct GetOptions {
  std::string id;
  std::optional<std::string> collection;
  bool all_versions = false;
};
[[nodiscard]] Outcome<Exit> get(Session& session, Console& console, GetOptions const& options);

struct WatchOptions {
  std::vector<std::string> collections;  // id, alias or title; empty: all
  std::vector<std::string> types;
  std::optional<std::string> after;  // a place: the id of an event
};
// Prints objects as they are published, for as long as the server lets it; broken connections are made again.
[[nodiscard]] Outcome<Exit> watch(Session& session, Console& console, WatchOptions const& options);

struct RangesOptions {
  std::string action;               // add, list or remove
  std::vector<std::string> ranges;  // "-" is standard input, one a line
};
// What the organisation registers as its own.
[[nodiscard]] Outcome<Exit> ranges(Session& session, Console& console, RangesOptions const& options);

struct AlertsOptions {
  std::optional<std::string> after;  // a place that an earlier run printed
  std::optional<std::size_t> limit;  // alerts in all
};
// Objects that are about the organisation's own ranges.
[[nodiscard]] Outcome<Exit> alerts(Session& session, Console& console, AlertsOptions const& options);

struct RetractOptions {
  std::string id, because;
  std::optional<std::string> duplicate_of, note;
};
// Takes back an indicator of the organisation's own, as the reason asks.
[[nodiscard]] Outcome<Exit> retract(Session& session, Console& console, RetractOptions const& options);

struct RecallOptions {
  std::string subject;                // the id of an object; or `status`, or `certificate`
  std::optional<std::string> recall;  // with these: the number of one
  std::optional<std::string> because;
  std::string action = "suppress";  // or `withdraw`, or `restore`
  std::optional<std::string> deadline, organisation;
};
// Takes an object back from everybody whom the log of the instance brought it, and tells who has said so.
[[nodiscard]] Outcome<Exit> recall(Session& session, Console& console, RecallOptions const& options);

struct ReleaseOptions {
  std::string action;             // propose, list, show, approve or refuse
  std::string id;                 // of the object to propose; else of the proposal
  std::optional<std::string> to;  // whom to propose
};
// Shows an object of the organisation's own to more readers, when two people want it.
[[nodiscard]] Outcome<Exit> release(Session& session, Console& console, ReleaseOptions const& options);

struct ModerateOptions {
  std::string action;            // list, show, publish or refuse
  std::vector<std::string> ids;  // of what waits
  std::optional<std::string> all_of, because;
};
// Decides about what waits for an analyst of the instance. Returns Exit::refused when something failed.
[[nodiscard]] Outcome<Exit> moderate(Session& session, Console& console, ModerateOptions const& options);

struct WaitingOptions {
  std::string action;  // list or withdraw
  std::vector<std::string> ids;
};
// What of the caller's own organisation waits for an analyst.
[[nodiscard]] Outcome<Exit> waiting(Session& session, Console& console, WaitingOptions const& options);

struct DisputeOptions {
  std::string id, because;
  bool withdraw = false;  // takes it back instead
  std::optional<std::string> tlp;
  bool as_member = false;
};
// Says of an object, to everybody who sees it and to nobody else, that it is wrong, and why.
[[nodiscard]] Outcome<Exit> dispute(Session& session, Console& console, DisputeOptions const& options);

struct SightOptions {
  std::string id, outcome;
  std::vector<std::pair<std::string, std::string>> said;  // further members of the request
  std::optional<std::int64_t> count;
  bool as_member = false;
};
// Says what came of the hits of an indicator, to everybody who sees it and to nobody else.
[[nodiscard]] Outcome<Exit> sight(Session& session, Console& console, SightOptions const& options);

struct CampaignOptions {
  std::string action;  // list or show
  std::string id;      // of the campaign to show
};
// What members say of campaigns.
[[nodiscard]] Outcome<Exit> campaign(Session& session, Console& console, CampaignOptions const& options);

struct SearchOptions {
  std::vector<std::pair<std::string, std::string>> filters;  // as the server calls them
  std::optional<std::size_t> limit;                          // indicators in all
};
// Indicators by what they are about.
[[nodiscard]] Outcome<Exit> search(Session& session, Console& console, SearchOptions const& options);
// What members say of one, and its versions.
[[nodiscard]] Outcome<Exit> show(Session& session, Console& console, std::string const& id);

struct LogOptions {
  std::string action;                    // fsck
  std::string log;                       // data, control, or the URL of a log
  std::optional<std::string> vkey;       // of the log
  std::optional<std::string> freshness;  // that cosigns it with the time
};
// Verifies a published log from what is served of it. A log that is named by its URL sees no token or certificate but
// those of `global`. Returns Exit::server when something is amiss.
[[nodiscard]] Outcome<Exit> check_log(Console& console, LogOptions const& options, GlobalOptions const& global,
                                      Environment const& environment);

struct FeedOptions {
  std::string action;  // pull, follow or try
  FeedRequest request;
  std::optional<std::string> vkey;  // as it was written: whose signature the feed has to have
  std::string to;                   // the file
  GuardLimits guard;
  std::vector<std::string> command;  // run when the file changed; empty: none
  // Of `try`:
  std::string log;                // "-" is standard input
  std::vector<std::string> maps;  // FIELD=NAME
};
// Makes a file what a feed is now.
[[nodiscard]] Outcome<Exit> pull_feed(Session& session, Console& console, FeedOptions const& options);
// Keeps it so, for as long as the server lets it; broken connections are made again.
[[nodiscard]] Outcome<Exit> follow_feed(Console& console, FeedOptions const& options, GlobalOptions const& global,
                                        Environment const& environment);

// Says whom a feed would have hit in a log. Sends nothing of it.
[[nodiscard]] Outcome<Exit> try_feed(Session& session, Console& console, FeedOptions const& options);

struct WhyOptions {
  std::string value;
  std::optional<std::string> kind;
};
// Every claim that covers a value, and how to dispute it.
[[nodiscard]] Outcome<Exit> why(Session& session, Console& console, WhyOptions const& options);

struct ConnectOptions {
  std::string product;
  std::optional<std::string> collection;
};
// Says what to write into the TAXII form of a product.
[[nodiscard]] Outcome<Exit> connect(Session& session, Console& console, ConnectOptions const& options);

struct ScanOptions {
  std::vector<std::string> files;      // "-": standard input
  std::optional<logs::Format> format;  // absent: told by the log
  std::vector<std::string> maps;       // FIELD=NAME
  std::optional<std::string> asns;     // a file in MaxMind DB format
  int min_confidence = 0;
  std::size_t most = 20;            // rows
  std::optional<std::string> html;  // a file to write
  bool ndjson = false;
};
// Holds access logs against the indicators that the session sees. Sends nothing of them.
[[nodiscard]] Outcome<Exit> scan(Session& session, Console& console, ScanOptions const& options);

struct DraftOptions {
  std::string file;               // "-" is standard input
  std::vector<std::string> maps;  // FIELD=COLUMN
  std::size_t min_accounts = 5;
  std::optional<std::string> campaign;  // its name
  std::optional<std::string> output;    // a file, replaced only when the draft is complete
};
// Makes items of a table of fraudulent accounts, for people to read and for `share` to send. Asks no server.
[[nodiscard]] Outcome<Exit> draft(Console& console, DraftOptions const& options);

struct UsageOptions {
  std::string log;                                       // "-" is standard input
  std::vector<std::string> maps;                         // FIELD=NAME, of its lines
  std::optional<std::string> accounts, releases, rules;  // files
  std::optional<std::string> from, until;                // a STIX timestamp or a date
  std::size_t min_accounts = 5;
  std::optional<std::string> output;  // a file, replaced only when the profile is complete
};
// Makes a usage profile of accounts from a log of requests, for people to read and for `share` to send. Asks no server.
[[nodiscard]] Outcome<Exit> profile_usage(Console& console, UsageOptions const& options);

struct MineOptions {
  std::string log;                // "-" is standard input
  std::vector<std::string> maps;  // FIELD=NAME, of its lines
  std::size_t min_accounts = 5;
  std::optional<std::string> campaign;             // its name
  std::optional<std::string> output, accounts_to;  // files, each replaced only when it is complete
};
// Finds in a log of requests templates that many accounts use, as items for people to read and for `share` to send.
// Asks no server.
[[nodiscard]] Outcome<Exit> mine(Console& console, MineOptions const& options);

struct LoginOptions {
  std::string line;  // of the operator; "-" is standard input, @FILE a file
  std::string profile = "default";
};
// Exchanges an invitation for a token and writes a profile with it. Nothing is overwritten.
[[nodiscard]] Outcome<Exit> login(Console& console, LoginOptions const& options, Environment const& environment);

[[nodiscard]] Outcome<Exit> status(Session& session, Console& console, std::string const& id);
[[nodiscard]] Outcome<Exit> whoami(Session& session, Console& console);
// How what the organisation shared was received.
[[nodiscard]] Outcome<Exit> report(Session& session, Console& console, std::optional<std::string> const& since);

struct CanaryOptions {
  std::string action;                                     // plant, again, list or reveal
  std::string subject;                                    // a file to plant, "-" is standard input; else a canary
  std::vector<std::pair<std::string, std::string>> said;  // properties besides the commitment
  std::optional<std::string> to;                          // a file to reveal it in, replaced when that is complete
};
// Keeps what is planted and its salt here, and shares the commitment.
[[nodiscard]] Outcome<Exit> plant_canary(Session& session, Console& console, CanaryOptions const& options,
                                         Environment const& environment);
[[nodiscard]] Outcome<Exit> share_canary_again(Session& session, Console& console, CanaryOptions const& options,
                                               Environment const& environment);
// What was planted from here, without the secrets. Asks no server.
[[nodiscard]] Outcome<Exit> list_canaries(Console& console, Environment const& environment);
// Writes a file that shows to anybody what was planted, and since when the log has the commitment.
[[nodiscard]] Outcome<Exit> reveal_canary(Session& session, Console& console, CanaryOptions const& options,
                                          Environment const& environment);

struct VerifyOptions {
  std::string file;
  std::optional<std::string> log_key;  // a public key, or @FILE
  std::vector<std::string> witnesses;  // likewise
};
// Says step by step what a proof or a revealed canary shows; `pinned` is the log's key where the options name none.
// Asks no server. Returns Exit::unverified when not everything holds.
[[nodiscard]] Outcome<Exit> verify(Console& console, VerifyOptions const& options,
                                   std::optional<std::string> const& pinned);

struct MuteOptions {
  std::string subject;  // the id of an indicator, or with `kind` a value
  std::optional<std::string> kind, until;
  std::string because;
};
[[nodiscard]] Outcome<Exit> mute(Session& session, Console& console, MuteOptions const& options);
[[nodiscard]] Outcome<Exit> unmute(Session& session, Console& console, MuteOptions const& options);
[[nodiscard]] Outcome<Exit> muted(Session& session, Console& console);
// How far the instance followed the logs of its peers.
[[nodiscard]] Outcome<Exit> list_peers(Session& session, Console& console);
// What one may mark what one shares with, and who would read it.
[[nodiscard]] Outcome<Exit> markings(Session& session, Console& console);
[[nodiscard]] Outcome<Exit> list_collections(Session& session, Console& console);

}  // namespace tocsin::client
