#include "server/catalog/campaigns.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/identifier.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/lists.hpp"
#include "server/endpoints/seen.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

constexpr PortionLimits kLimits{50, 200};
constexpr char const* kPlace = "campaigns";  // in place of a cursor's filters: it is for nothing else

std::vector<ShownAt> places_of(std::vector<store::PublishedCampaign> const& shown) {
  std::vector<ShownAt> out;
  for (auto const& one : shown) out.push_back({one.collection, one.sequence});
  return out;
}

}  // namespace

// What the caller sees of campaigns, in the order in which they were stored. The work is bounded: an answer that is not
// complete says where to go on.
Answer list_campaigns(Context& context, http::Request& request) {
  auto const portion = portion_of(request.query, context.cursors, kPlace, kLimits);
  if (!portion) co_return error_answer(request, portion.error());
  auto const asked = seen_by(context, request);
  auto list = co_await context.bridge.run<store::CampaignList>(
      request.principal->organisation,
      [&](store::ReadStore& reader) { return reader.campaigns().list(asked.sight, portion->after, portion->limit); });
  if (!list) co_return error_answer(request, list.error());
  if (auto recorded = co_await record_shown(context, request, asked, kPlace, "", places_of(list->rows)); !recorded)
    co_return error_answer(request, recorded.error());
  json campaigns = json::array();
  for (auto const& one : list->rows)
    campaigns.push_back(catalog::campaign_statement(one, *asked.directory, view_of(request).dialect));
  co_return json_answer(200, {{"campaigns", std::move(campaigns)},
                              {"after", context.cursors.seal({0, list->after, kPlace})},
                              {"complete", !list->more}});
}

Answer show_campaign(Context& context, http::Request& request) {
  auto const id = stix::Identifier::parse(request.parameters.at(0));
  if (!id || id->type() != "campaign")
    co_return error_answer(request, {core::Code::not_found, "There is no such campaign.", "", ""});
  auto const asked = seen_by(context, request);
  auto view = co_await context.bridge.run<catalog::CampaignView>(
      request.principal->organisation, [&](store::ReadStore& reader) {
        return catalog::campaign_view(reader, asked.sight, *asked.directory, id->uuid());
      });
  if (!view) co_return error_answer(request, view.error());
  std::string const filters = "match[id]=campaign--" + core::to_text(id->uuid()) + "\n";
  if (auto recorded = co_await record_shown(context, request, asked, kPlace, filters, places_of(view->said)); !recorded)
    co_return error_answer(request, recorded.error());
  co_return json_answer(200, catalog::to_json(*view, *asked.directory, view_of(request).dialect));
}

}  // namespace tocsin::endpoints
