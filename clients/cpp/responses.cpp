#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/post_json.hpp"
#include "clients/cpp/target.hpp"
#include "schema/core/bytes.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

constexpr auto kOnceItIsPublished =
    ", once an analyst of the instance publishes it; until then it waits: tocsin waiting list";

bool is_blank(std::string const& text) {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || c == '\t' || c == '\n'; });
}

// `did`: what an answer says that was not there before.
Outcome<Exit> say(Session& session, Console& console, std::string const& id, std::string const& what, json const& body,
                  std::string_view did) {
  auto answer = post_json(session, "/api/v1/indicators/" + encoded(id) + "/" + what, body);
  if (!answer) return std::unexpected(std::move(answer.error()));
  if (console.json) {
    console.out << answer->dump() << '\n';
    return Exit::ok;
  }
  auto const outcome = text_or(*answer, "outcome");
  console.out << printable(text_or(*answer, "id")) << ' ' << did << ' ' << printable(id)
              << (outcome == "unchanged" ? ", as before"
                  : outcome == "waiting" ? kOnceItIsPublished
                                         : "")
              << '\n';
  return Exit::ok;
}

}  // namespace

Outcome<Exit> dispute(Session& session, Console& console, DisputeOptions const& options) {
  if (options.withdraw)
    return say(session, console, options.id, "opinions", {{"withdraw", true}}, "is withdrawn; it was on");
  if (is_blank(options.because) || !core::is_utf8(options.because))
    return fail(Exit::local, "--because holds no text, or no UTF-8.", "Say what is wrong with the object.");
  json body{{"opinion", "strongly-disagree"}, {"explanation", options.because}, {"as_member", options.as_member}};
  if (options.tlp) body["tlp"] = *options.tlp;
  return say(session, console, options.id, "opinions", body, "disputes");
}

Outcome<Exit> sight(Session& session, Console& console, SightOptions const& options) {
  json body{{"outcome", options.outcome}, {"as_member", options.as_member}};
  for (auto const& [name, value] : options.said) body[name] = value;
  if (options.count) body["count"] = *options.count;
  return say(session, console, options.id, "sightings", body, "sights");
}

}  // namespace tocsin::client
