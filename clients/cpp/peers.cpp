// How far the instance followed the logs of its peers.
#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

std::string count(json const& peer, char const* name) { return std::to_string(number_or(peer, name, 0)); }

void print(Console& console, json const& peer) {
  auto const error = text_or(peer, "error"), withheld = text_or(peer, "withheld"),
             unacknowledged = text_or(peer, "unacknowledged");
  auto const outstanding = number_or(peer, "outstanding", 0);
  auto const alarm =
      flag_or(peer, "recall_alarm", false) ? "  much is recalled: " + count(peer, "recalled") + " within an hour" : "";
  console.out << printable(text_or(peer, "name") + "  " + text_or(peer, "state") + "  " + count(peer, "verified") +
                           "  " + count(peer, "applied") + "  " + count(peer, "lag") + "  " +
                           (flag_or(peer, "stale", true) ? "stale" : "fresh") + "  " + count(peer, "refused") + "  " +
                           (error.empty() ? "-" : error + " (since " + text_or(peer, "error_since") + ")") +
                           (withheld.empty() ? "" : "  WITHHOLDS: " + withheld) + alarm +
                           (outstanding == 0 ? "" : "  outstanding: " + count(peer, "outstanding") + " recalls") +
                           (unacknowledged.empty() ? "" : "  not acknowledged: " + unacknowledged))
              << '\n';
}

}  // namespace

Outcome<Exit> list_peers(Session& session, Console& console) {
  auto const answer = session.get_json("/api/v1/peers", kJson);
  if (!answer) return std::unexpected(answer.error());
  if (console.json) {
    console.out << answer->dump() << '\n';
    return Exit::ok;
  }
  for (auto const& peer : list_or_empty(*answer, "peers")) print(console, peer);
  return Exit::ok;
}

}  // namespace tocsin::client
