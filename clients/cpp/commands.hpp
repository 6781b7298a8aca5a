// The commands of `tocsin`. Each does its work over a session and prints to the console; one thread.
// A failure that ends the command early is returned; the program prints it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "clients/cpp/console.hpp"
#include "clients/cpp/outcome.hpp"
#include "clients/cpp/session.hpp"

namespace tocsin::client {

struct SubmitOptions {
  std::vector<std::string> files;  // "-" is standard input
  std::string collection = "network";
  bool as_member = false;  // the objects name the instance as their creator, and the submitter nowhere
};
// Reads and checks every file before anything is sent. Returns Exit::refused when objects were refused.
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
  std::optional<std::string> since;  // the id of an event
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

struct DisputeOptions {
  std::string id, because;
  std::optional<std::string> collection, tlp;
  bool as_member = false;
};
// Says of an object, to everybody who sees it and to nobody else, that it is wrong, and why.
[[nodiscard]] Outcome<Exit> dispute(Session& session, Console& console, DisputeOptions const& options);

[[nodiscard]] Outcome<Exit> status(Session& session, Console& console, std::string const& id);
[[nodiscard]] Outcome<Exit> whoami(Session& session, Console& console);
[[nodiscard]] Outcome<Exit> list_collections(Session& session, Console& console);

}  // namespace tocsin::client
