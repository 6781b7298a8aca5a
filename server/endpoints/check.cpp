// One request of somebody's traffic, asked about by a gateway before it lets it through (nginx auth_request, Envoy
// ext_authz): values come in header fields, which are never logged, and the answer is a status and header fields.
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/matched.hpp"

namespace tocsin::endpoints {
namespace {

constexpr char const* kWhat = "indicators";  // in the audit trail
constexpr int kNoContent = 204;

// The member of an item that a header field has the value of.
struct Field {
  std::string_view header, member;
};
constexpr std::array kFields{Field{"tocsin-ip", "ip"},         Field{"tocsin-asn", "asn"},
                             Field{"tocsin-domain", "domain"}, Field{"tocsin-email", "email"},
                             Field{"tocsin-ja3", "ja3"},       Field{"tocsin-ja4", "ja4"},
                             Field{"tocsin-ja4h", "ja4h"},     Field{"tocsin-user-agent", "user_agent"}};

core::Result<match::Question> question_of(http::Request const& request) {
  match::Question out;
  out.is_subject = true;
  match::Asked asked;
  bool any = false;
  for (auto const& [header, member] : kFields) {
    auto const value = request.headers.find(header);
    if (!value || value->empty()) continue;  // a gateway sends what it has
    any = true;
    // Its length is the visitor's choice, who must not make the check fail by it: no indicator has such a one.
    if (member == "user_agent" && value->size() > match::kLongestUserAgent) continue;
    auto taken = match::take_field(asked, member, *value);
    if (!taken) {
      taken.error().pointer = "/" + std::string(header);
      return std::unexpected(taken.error());
    }
  }
  if (!any)
    return core::fail(core::Code::bad_parameter, "No header field says what is to be checked.", "",
                      "Send Tocsin-IP, Tocsin-ASN, Tocsin-Domain, Tocsin-Email, Tocsin-JA3, Tocsin-JA4, Tocsin-JA4H or "
                      "Tocsin-User-Agent.");
  out.items.push_back(std::move(asked));
  return out;
}

// From which suggestion on the answer is 403.
core::Result<match::Action> denied_from(http::Request const& request) {
  for (auto const& [name, value] : request.query.parameters())
    if (name != "deny")
      return core::fail(core::Code::bad_parameter, "A parameter is none that this has.", "", "There is deny.");
  auto const given = request.query.find("deny");
  if (!given) return match::Action::block;
  auto const action = match::action_of(*given);
  if (action == match::Action::none)
    return core::fail(core::Code::bad_parameter, "`deny` is no action.", "",
                      "Send observe, challenge, verify, rate-limit or block.");
  return action;
}

// Most requests hit nothing, and no reader is waited for to tell that: what is asked about has no prompt, and is looked
// up in memory within microseconds. What takes longer, because others published wildcards that much meets, does so on a
// thread where nobody else waits.
http::Awaitable<core::Result<Hits>> hits_of(Context& context, http::Request const& request,
                                            match::Question const& question, catalog::Asking const& asking) {
  auto const quick = find_candidates(context.matching, question, asking, kFewPostings);
  if (!quick) co_return std::unexpected(quick.error());
  if (quick->complete && quick->by_version.empty()) co_return Hits{};
  auto const organisation = request.principal->organisation;
  auto const mutes = context.mutes.of(organisation);
  co_return co_await context.bridge.run<Hits>(organisation, [&](store::ReadStore& reader) -> core::Result<Hits> {
    auto const candidates = find_candidates(context.matching, question, asking, kMostPostings);
    if (!candidates) return std::unexpected(candidates.error());
    return hits_among(reader, *candidates, question, asking, *mutes, context.allow_lists.current());
  });
}

}  // namespace

Answer check_subject(Context& context, http::Request& request) {
  auto const denied = denied_from(request);
  if (!denied) co_return error_answer(request, denied.error());
  auto const question = question_of(request);
  if (!question) co_return error_answer(request, question.error());
  auto const seen = seen_by(context, request);
  catalog::Asking const asking{seen.sight, *seen.directory, view_of(request).dialect, context.clock.now_us()};
  auto const found = co_await hits_of(context, request, *question, asking);
  if (!found) co_return error_answer(request, found.error());
  if (auto recorded = co_await record_shown(context, request, seen, kWhat, "check\n", found->places); !recorded)
    co_return error_answer(request, recorded.error());
  auto const suggestion = match::weigh(found->weighed);
  http::Response response;
  response.status = kNoContent;
  if (suggestion.action >= *denied)
    response = error_answer(
        request, {core::Code::forbidden, "The hits suggest to " + std::string(match::name(suggestion.action)) + ".", "",
                  "Do not let the request through."});
  response.headers.emplace_back("Tocsin-Action", match::name(suggestion.action));
  response.headers.emplace_back("Tocsin-Confidence", std::to_string(std::lround(suggestion.confidence * 100)));
  response.headers.emplace_back("Tocsin-Hits", std::to_string(found->told.size()));
  co_return response;
}

}  // namespace tocsin::endpoints
