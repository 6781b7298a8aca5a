// Which indicators that the caller sees an item hits: schema/openapi.yaml, matchItems. What is asked is neither logged
// nor kept: the audit trail has what was shown, and that it was shown to a match.
#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/matched.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr char const* kWhat = "indicators";  // in the audit trail

struct Matched {
  std::vector<ShownAt> places;
  json answer;
};

core::Result<Matched> matched(store::ReadStore& reader, stream::Matching const& matching, std::string_view body,
                              catalog::Asking const& asking, catalog::Mutes const& mutes,
                              std::shared_ptr<admission::harm::AllowLists const> allow_lists) {
  auto const question = match::parse_question(body);
  if (!question) return std::unexpected(question.error());
  auto const as_of_us = matching.as_of_us();
  auto const candidates = find_candidates(matching, *question, asking, kMostPostings);
  if (!candidates) return std::unexpected(candidates.error());
  auto hits = hits_among(reader, *candidates, *question, asking, mutes, std::move(allow_lists));
  if (!hits) return std::unexpected(hits.error());
  json answer{{"checked", question->items.size()},
              {"snapshot", stix::Timestamp::from_microseconds(as_of_us).text_microseconds()},
              {"hits", std::move(hits->told)},
              {"unindexed", count_unindexed(matching, *question, asking)},
              {"complete", hits->complete}};
  if (question->is_subject) answer["suggestion"] = to_json(match::weigh(hits->weighed));
  return Matched{std::move(hits->places), std::move(answer)};
}

}  // namespace

Answer match_items(Context& context, http::Request& request) {
  if (!is_json_body(request.headers.find("content-type")))
    co_return error_answer(request, {core::Code::unsupported_media_type, "The body is not said to be JSON.", "",
                                     "Send `Content-Type: application/json`."});
  auto const body = co_await request.body->read_all();
  if (!body) co_return error_answer(request, body.error());
  auto const seen = seen_by(context, request);
  catalog::Asking const asking{seen.sight, *seen.directory, view_of(request).dialect, context.clock.now_us()};
  auto const mutes = context.mutes.of(request.principal->organisation);
  auto found = co_await context.bridge.run<Matched>(request.principal->organisation, [&](store::ReadStore& reader) {
    return matched(reader, context.matching, *body, asking, *mutes, context.allow_lists.current());
  });
  if (!found) co_return error_answer(request, found.error());
  if (auto recorded = co_await record_shown(context, request, seen, kWhat, "match\n", found->places); !recorded)
    co_return error_answer(request, recorded.error());
  co_return json_answer(200, found->answer);
}

}  // namespace tocsin::endpoints
