#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/post_json.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

constexpr auto kPath = "/api/v1/mutes";

json subject_of(MuteOptions const& options) {
  if (!options.kind) return {{"indicator", options.subject}};
  return {{"kind", *options.kind}, {"value", options.subject}};
}

// "ip-range 203.0.113.0/24", or an indicator's id.
std::string name_of(json const& mute) {
  auto const kind = text_or(mute, "kind");
  return kind.empty() ? text_or(mute, "indicator") : kind + " " + text_or(mute, "value");
}

void print(Console& console, json const& mute) {
  auto const until = text_or(mute, "until");
  console.out << printable(name_of(mute) + "  " + (until.empty() ? "for good" : "until " + until) + "  " +
                           text_or(mute, "because"))
              << '\n';
}

}  // namespace

Outcome<Exit> mute(Session& session, Console& console, MuteOptions const& options) {
  auto body = subject_of(options);
  body["because"] = options.because;
  if (options.until) body["until"] = *options.until;
  auto const answer = post_json(session, kPath, body);
  if (!answer) return std::unexpected(answer.error());
  if (console.json)
    console.out << answer->dump() << '\n';
  else
    print(console, *answer);
  return Exit::ok;
}

Outcome<Exit> unmute(Session& session, Console& console, MuteOptions const& options) {
  auto const answer = post_json(session, std::string(kPath) + "/remove", subject_of(options));
  if (!answer) return std::unexpected(answer.error());
  if (console.json)
    console.out << answer->dump() << '\n';
  else
    console.out << (flag_or(*answer, "removed", false) ? "unmuted  " : "was not muted  ") << printable(options.subject)
                << '\n';
  return Exit::ok;
}

Outcome<Exit> muted(Session& session, Console& console) {
  auto const answer = session.get_json(kPath, kJson);
  if (!answer) return std::unexpected(answer.error());
  if (console.json) {
    console.out << answer->dump() << '\n';
    return Exit::ok;
  }
  for (auto const& mute : list_or_empty(*answer, "mutes")) print(console, mute);
  return Exit::ok;
}

}  // namespace tocsin::client
