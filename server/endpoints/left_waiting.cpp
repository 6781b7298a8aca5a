#include "server/endpoints/left_waiting.hpp"

#include <algorithm>
#include <optional>

#include "server/endpoints/changes.hpp"
#include "server/endpoints/moderated.hpp"

namespace tocsin::endpoints {
namespace {

using Found = std::optional<store::WaitingEntry>;

constexpr std::size_t kMost = 1'000;  // that wait of one object: its versions, in each collection

core::Result<Found> find(store::ReadStore& reader, access::Directory const& directory, http::Request const& request,
                         store::WaitingQuery query) {
  query.organisation = request.principal->organisation;
  query.limit = kMost;
  auto const entries = reader.waiting().list(query);
  if (!entries) return std::unexpected(entries.error());
  auto const& view = view_of(request);
  auto const found = std::ranges::find_if(*entries, [&](store::WaitingEntry const& one) {
    return reaches(directory, view, one.collection) && is_shown(view, one.class_key, one.kind, one.type, true);
  });
  return found == entries->end() ? Found() : Found(*found);
}

}  // namespace

http::Awaitable<core::Error> with_what_waits(Context& context, http::Request const& request, core::Error error,
                                             store::WaitingQuery asked_for) {
  if (error.code != core::Code::not_found || !request.principal) co_return error;
  auto const directory = context.registry.current();
  auto const found = co_await context.bridge.run<Found>(request.principal->organisation, [&](store::ReadStore& reader) {
    return find(reader, *directory, request, asked_for);
  });
  if (found && *found)
    error.remedy =
        "Your organisation's waits for an analyst of this instance. To take it back: tocsin waiting withdraw " +
        core::to_text((*found)->id);
  co_return error;
}

store::WaitingQuery is_indicator(core::Uuid const& id) {
  store::WaitingQuery out;
  out.type = "indicator";
  out.uuid = id;
  return out;
}

}  // namespace tocsin::endpoints
