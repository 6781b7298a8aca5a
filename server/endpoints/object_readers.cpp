#include <nlohmann/json.hpp>

#include "schema/stix/identifier.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/organisation_views.hpp"
#include "server/endpoints/own_part.hpp"
#include "server/endpoints/trail_readers.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

// The object as the trail knows it: where its versions stand in the order of publication, and since when.
struct Place {
  std::vector<std::int64_t> sequences;
  std::int64_t since_us = 0;
};

struct Asked {
  std::shared_ptr<access::Directory const> directory;
  store::Collection const* collection;
  std::string type;
  core::Uuid uuid;
  store::Window own;  // what the caller's organisation asserted
  std::string organisation;

  [[nodiscard]] store::PageQuery query(store::Window window, std::size_t limit) const {
    store::PageQuery out;
    out.collection = collection->row;
    out.window = std::move(window);
    out.limit = limit;
    out.ids = {{type, uuid}};
    out.versions = {false, false, true, {}};
    out.with_bytes = false;
    return out;
  }
};

core::Result<Place> place_of(store::ReadStore& reader, Asked const& asked) {
  constexpr std::size_t kVersions = 10'000;
  auto page = reader.page(asked.query(asked.own, kVersions));
  if (!page) return std::unexpected(page.error());
  if (page->rows.empty()) return core::fail(core::Code::not_found, "There is no such object.");
  Place out{{}, page->rows.front().date_added_us};
  for (auto const& row : page->rows) out.sequences.push_back(row.sequence);
  return out;
}

// Whether the organisation is shown the object by any of its credentials, or as a peer.
core::Result<bool> sees(Context const& context, store::ReadStore& reader, Asked const& asked, std::string const& name) {
  for (auto const& view : views_of(context, *asked.directory, name)) {
    auto page = reader.page(asked.query(view->window, 1));
    if (!page) return std::unexpected(page.error());
    if (page->count > 0) return true;
  }
  return false;
}

core::Result<json> readers_of(Context const& context, store::ReadStore& reader, Asked const& asked) {
  auto place = place_of(reader, asked);
  if (!place) return std::unexpected(place.error());
  auto readers = readers_in_trail(reader.audit(), {{asked.collection->id, place->sequences}}, place->since_us);
  if (!readers) return std::unexpected(readers.error());
  readers->organisations.erase(asked.organisation);
  std::size_t count = 0;
  for (auto const& name : readers->organisations) {
    auto seen = sees(context, reader, asked, name);
    if (!seen) return std::unexpected(seen.error());
    if (*seen) ++count;
  }
  return json{{"organisations", count}, {"complete", readers->complete}};
}

}  // namespace

// How many organisations may have read an object, for the organisation that asserted it: their reads cover it and they
// are shown it. Not who: only an audience would tell its members' names.
Answer object_readers(Context& context, http::Request& request) {
  core::Error absent{core::Code::not_found, "There is no such object.", "", ""};
  auto directory = context.registry.current();
  auto const& view = view_of(request);
  auto const* collection = directory->collection(request.parameters.at(0), view);
  auto id = stix::Identifier::parse(request.parameters.at(1));
  if (collection == nullptr || !id) co_return error_answer(request, absent);
  Asked asked{directory, collection, std::string(id->type()), id->uuid(), {}, request.principal->organisation_name};
  asked.own = own_part(view.window, request.principal->organisation, *directory);
  auto found = co_await context.bridge.run<json>(
      request.principal->organisation, [&](store::ReadStore& reader) { return readers_of(context, reader, asked); });
  if (!found) co_return error_answer(request, found.error());
  co_return json_answer(200, *found);
}

}  // namespace tocsin::endpoints
