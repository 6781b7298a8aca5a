#include "server/endpoints/seen.hpp"

#include <algorithm>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/recorded_reads.hpp"

namespace tocsin::endpoints {

Seen seen_by(Context const& context, http::Request const& request) {
  Seen out{context.registry.current(), {{}, view_of(request).window}};
  for (auto const& collection : out.directory->tables().collections)
    if (out.directory->collection(collection.id, view_of(request)) != nullptr)
      out.sight.collections.push_back(collection.row);
  return out;
}

http::Awaitable<core::Result<void>> record_shown(Context& context, http::Request const& request, Seen const& seen,
                                                 std::string_view what, std::string const& filters,
                                                 std::vector<ShownAt> const& shown) {
  base::Principal const& who = *request.principal;
  for (auto const& collection : seen.directory->tables().collections) {
    if (std::ranges::find(seen.sight.collections, collection.row) == seen.sight.collections.end()) continue;
    ledger::ReadNote note{who.credential,    who.organisation_name,
                          who.credential_id, seen.directory->epoch(),
                          collection.id,     what,
                          filters,           0};
    for (auto const& one : shown) {
      if (one.collection != collection.row) continue;
      note.first = note.objects++ == 0 ? one.sequence : std::min(note.first, one.sequence);
      note.last = std::max(note.last, one.sequence);
    }
    if (auto recorded = co_await record_read(context, note, who, view_of(request)); !recorded) co_return recorded;
  }
  co_return core::Result<void>{};
}

}  // namespace tocsin::endpoints
