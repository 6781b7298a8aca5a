// Why a value would be acted upon: every claim that covers it and that the caller sees: schema/openapi.yaml, why.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "schema/kinds/searching.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/timestamp.hpp"
#include "server/access/permissions.hpp"
#include "server/catalog/indicator_search.hpp"
#include "server/catalog/indicators.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/lists.hpp"
#include "server/endpoints/muted.hpp"
#include "server/endpoints/seen.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;
using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr PortionLimits kLimits{50, 100};
constexpr std::size_t kEarliest = 16;        // versions of one collection, which several may have asserted under one id
constexpr char const* kWhat = "indicators";  // in the audit trail

struct Claims {
  std::vector<json> told;
  std::vector<ShownAt> places;
  std::optional<store::IndicatorPlace> after;
};

core::Result<Parameters> search_of(http::Query const& query) {
  Parameters out;
  bool says_what = false;
  for (auto const& [name, value] : query.parameters()) {
    if (name != "covers" && name != "kind" && name != "limit" && name != "next")
      return core::fail(core::Code::bad_parameter, "A parameter is none that this has.", "",
                        "There are covers, kind, limit and next.");
    says_what = says_what || name == "covers" || name == "next";
    out.emplace_back(name, value);
  }
  if (says_what) return out;
  return core::fail(core::Code::bad_parameter, "It is not said what is to be covered.", "",
                    "Send the value as `covers`.");
}

// What a claim has beside the item of a search.
class Completing {
 public:
  Completing(Context const& context, http::Request const& request, catalog::Asking const& asking)
      : asking_(asking),
        organisation_(request.principal->organisation),
        mutes_(context.mutes.of(organisation_)),
        may_know_ranges_(access::may(*access::find_permission("native.alerts"), request.principal.get())),
        ranges_(context.ranges.of(organisation_)) {}

  // Error: storage_failed. Reader threads.
  [[nodiscard]] core::Result<void> complete(store::ReadStore& reader, store::Published const& one, json& told) const {
    auto const object = stix::parse_json(one.bytes).value();
    auto const& facts = kinds::indicator_facts(object);
    if (auto const basis = facts.find("evidence_basis"); basis != facts.end()) told["evidence_basis"] = *basis;
    if (auto const* mute = mutes_->find(one.row.type, one.bytes, asking_.now_us)) told["muted"] = muted_as(*mute);
    if (may_know_ranges_)
      if (auto const own = ranges_->touched_by(one.row.type, one.bytes); !own.empty()) told["own_range"] = own.front();
    told["own"] = one.row.asserter == organisation_;
    if (one.row.asserter != organisation_)
      told["dispute"] = "tocsin dispute " + told.at("id").get<std::string>() + " --because \"...\"";
    auto const versions = reader.indicators().versions(asking_.sight, one.row.uuid, kEarliest);
    if (!versions) return std::unexpected(versions.error());
    auto since_us = one.row.date_added_us;
    for (auto const& version : versions->first)
      if (version.row.asserter == one.row.asserter) since_us = std::min(since_us, version.row.date_added_us);
    told["since"] = stix::Timestamp::from_microseconds(since_us).text_microseconds();
    return {};
  }

 private:
  catalog::Asking const& asking_;
  store::RowId const organisation_;
  std::shared_ptr<catalog::Mutes const> mutes_;
  bool const may_know_ranges_;
  std::shared_ptr<stream::OwnRanges const> ranges_;
};

core::Result<Claims> find(store::ReadStore& reader, store::IndicatorQuery const& query, catalog::Asking const& asking,
                          Completing const& completing) {
  auto page = reader.indicators().search(query);
  if (!page) return std::unexpected(page.error());
  auto told = catalog::indicator_items(reader, asking, page->rows, catalog::documents_of(page->rows));
  if (!told) return std::unexpected(told.error());
  Claims out{*std::move(told), {}, {}};
  for (std::size_t i = 0; i < page->rows.size(); ++i) {
    auto const& row = page->rows[i];
    if (auto done = completing.complete(reader, row, out.told[i]); !done) return std::unexpected(done.error());
    out.places.push_back({row.collection, row.row.sequence});
  }
  if (page->more) out.after = std::move(page->after);
  return out;
}

}  // namespace

// The search does it: it is one way to ask it, with what a person asks next.
Answer why(Context& context, http::Request& request) {
  auto const limit = limit_of(request.query, kLimits);
  if (!limit) co_return error_answer(request, limit.error());
  auto const parameters = search_of(request.query);
  if (!parameters) co_return error_answer(request, parameters.error());
  auto search =
      catalog::parse_indicator_search(*parameters, context.cursors, [](std::string_view) { return std::string(); });
  if (!search) co_return error_answer(request, search.error());
  auto const seen = seen_by(context, request);
  search->query.sight = seen.sight;
  search->query.limit = *limit;
  catalog::keep_to_kinds(search->query, seen.sight.window.kinds);
  catalog::Asking const asking{seen.sight, *seen.directory, view_of(request).dialect, context.clock.now_us()};
  Completing const completing(context, request, asking);
  auto found = co_await context.bridge.run<Claims>(request.principal->organisation, [&](store::ReadStore& reader) {
    return find(reader, search->query, asking, completing);
  });
  if (!found) co_return error_answer(request, found.error());
  if (auto recorded = co_await record_shown(context, request, seen, kWhat, search->text, found->places); !recorded)
    co_return error_answer(request, recorded.error());
  json answer{{"claims", std::move(found->told)}};
  if (found->after) answer["next"] = catalog::next_of(*search, *found->after, context.cursors);
  co_return json_answer(200, answer);
}

}  // namespace tocsin::endpoints
