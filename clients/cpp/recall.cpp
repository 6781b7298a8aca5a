#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/post_json.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

constexpr auto kPath = "/api/v1/recalls";

void print(Console& console, json const& one) {
  console.out << number_or(one, "recall", 0);
  for (auto const* name : {"action", "because", "id", "made", "deadline"})
    console.out << "  " << printable(text_or(one, name, "-"));
  console.out << "  " << number_or(one, "outstanding", 0) << " outstanding";
  auto const* separator = ", late: ";
  for (auto const& peer : list_or_empty(one, "peers"))
    if (text_or(peer, "state") == "overdue") {
      console.out << separator << printable(text_or(peer, "peer"));
      separator = ", ";
    }
  console.out << '\n';
}

void print_with_peers(Console& console, json const& one) {
  print(console, one);
  for (auto const& peer : list_or_empty(one, "peers")) {
    auto const when = text_or(peer, "acknowledged");
    console.out << printable(text_or(peer, "state")) << "  " << printable(text_or(peer, "peer"))
                << (when.empty() ? "" : "  " + printable(when)) << '\n';
    if (auto const behind = peer.find("dependents"); behind != peer.end())
      for (auto const& instance : list_or_empty(*behind, "instances"))
        console.out << printable(text_or(instance, "state")) << "  " << printable(text_or(instance, "log"))
                    << "  behind " << printable(text_or(peer, "peer")) << '\n';
  }
}

Outcome<json> make(Session& session, RecallOptions const& options) {
  json body{{"id", options.subject}, {"because", *options.because}, {"action", options.action}};
  if (options.deadline) body["deadline"] = *options.deadline;
  if (options.organisation) body["organisation"] = *options.organisation;
  return post_json(session, kPath, body);
}

// As it is: for a file, or for who verifies it.
Outcome<Exit> certify(Session& session, Console& console, std::string const& number) {
  auto const response =
      session.get(std::string(kPath) + "/" + encoded(number) + "/certificate", "text/plain, application/problem+json");
  if (!response) return std::unexpected(response.error());
  console.out << response->body;
  return Exit::ok;
}

}  // namespace

Outcome<Exit> recall(Session& session, Console& console, RecallOptions const& options) {
  bool const certifies = options.subject == "certificate", asks = certifies || options.subject == "status";
  if (asks == options.because.has_value() || (!asks && options.recall) || (certifies && !options.recall))
    return fail(Exit::local,
                certifies ? "certificate takes the number of a recall, and nothing else."
                : asks    ? "status takes no --because."
                          : "A recall takes the id of one object and --because.",
                "See: tocsin recall --help");
  if (certifies) return certify(session, console, *options.recall);
  auto const answer = !asks            ? make(session, options)
                      : options.recall ? session.get_json(std::string(kPath) + "/" + encoded(*options.recall), kJson)
                                       : session.get_fixed_json(kPath, kJson);
  if (!answer) return std::unexpected(answer.error());
  if (console.json)
    console.out << answer->dump() << '\n';
  else if (asks && !options.recall)
    for (auto const& one : list_or_empty(*answer, "recalls")) print(console, one);
  else
    print_with_peers(console, *answer);
  return Exit::ok;
}

}  // namespace tocsin::client
