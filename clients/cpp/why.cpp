#include <iostream>
#include <nlohmann/json.hpp>

#include "clients/cpp/commands.hpp"
#include "clients/cpp/indicator_text.hpp"
#include "clients/cpp/json_access.hpp"
#include "clients/cpp/target.hpp"

namespace tocsin::client {
namespace {

using nlohmann::json;

Outcome<std::vector<json>> fetch(Session& session, WhyOptions const& options) {
  std::vector<json> out;
  std::string next;
  do {
    Target target("/api/v1/why");
    if (next.empty()) {
      target.with("covers", options.value);
      if (options.kind) target.with("kind", *options.kind);
    } else {
      target.with("next", next);
    }
    target.with("limit", "100");
    auto page = session.get_fixed_json(target.text(), kJson);
    if (!page) return std::unexpected(std::move(page.error()));
    for (auto const& one : list_or_empty(*page, "claims")) out.push_back(one);
    auto following = text_or(*page, "next");
    if (!following.empty() && following == next)
      return fail(Exit::server, "The server says that there are more, but not where.", kWhichServer);
    next = std::move(following);
  } while (!next.empty());
  return out;
}

void print_claim(Console& console, json const& claim) {
  console.out << value_of(claim) << "  (" << printable(text_or(claim, "kind")) << ", "
              << printable(text_or(claim, "tlp", "no level")) << ", "
              << (flag_or(claim, "own", false) ? "your organisation" : author_of(claim)) << ")\n";
  if (flag_or(claim, "revoked", false)) line(console, "revoked", printable(text_or(claim, "modified")));
  line(console, "since", printable(text_or(claim, "since")));
  line(console, "holds",
       printable(text_or(claim, "valid_from", "?") + " to " + text_or(claim, "valid_until", "further notice")));
  if (claim.contains("confidence"))
    line(console, "confidence", percent(claim, "confidence") + ", now " + percent(claim, "confidence_now"));
  line(console, "rests on", listed(claim, "evidence_basis"));
  line(console, "do", printable(text_or(claim, "suggested_action")));
  line(console, "own range", printable(text_or(claim, "own_range")));
  line(console, "muted", printable(text_or(object_or_empty(claim, "muted"), "because")));
  line(console, "id", printable(text_or(claim, "id")));
  line(console, "answers", "tocsin show " + printable(text_or(claim, "id")));
  line(console, "to dispute", printable(text_or(claim, "dispute")));
}

}  // namespace

Outcome<Exit> why(Session& session, Console& console, WhyOptions const& options) {
  auto claims = fetch(session, options);
  if (!claims) return std::unexpected(std::move(claims.error()));
  if (console.json)
    console.out << json{{"claims", *claims}}.dump() << '\n';
  else if (claims->empty())
    console.err << "no claims that you may see\n";
  else
    for (auto const& one : *claims) print_claim(console, one);
  return Exit::ok;
}

}  // namespace tocsin::client
