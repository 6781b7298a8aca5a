#include "server/store/sqlite/responses.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <span>
#include <utility>

#include "server/store/sqlite/shown.hpp"
#include "server/store/sqlite/snapshot.hpp"

namespace tocsin::store::sqlite {
namespace {

// Of one look: objects, which may be a mebibyte each; bytes that are shown; places of the index that are gone to, a
// place for each subject in each class.
constexpr std::size_t kAtOnce = 32, kMostBytes = 32u << 20, kMostPlaces = 100'000;

}  // namespace

Responses::Responses(Connection& connection)
    : keep_(connection.prepare("INSERT OR IGNORE INTO responses VALUES (?, ?, ?, ?, ?, ?)")),
      forget_(connection.prepare("DELETE FROM responses WHERE version = ?")) {}

void Responses::keep(Candidate const& candidate, RowId class_row, RowId version) {
  for (auto const& subject : candidate.said_of) {
    keep_.start().bind_text(subject).bind(class_row).bind(version).bind(candidate.asserter);
    keep_.bind_blob(core::view(candidate.uuid)).bind(std::int64_t{candidate.type == "opinion"}).run();
  }
}

void Responses::forget(RowId version) { forget_.start().bind(version).run(); }

ResponseReads::ResponseReads(Connection& connection, ReadStore& reader)
    : connection_(connection),
      reader_(reader),
      begin_(connection.prepare("BEGIN")),
      end_(connection.prepare("COMMIT")),
      of_class_(connection.prepare("SELECT version, uuid, opinion FROM responses "
                                   "WHERE subject = ? AND class = ? AND opinion <= ? ORDER BY version DESC LIMIT ?")),
      own_(connection.prepare("SELECT version, uuid, opinion FROM responses INDEXED BY responses_by_asserter "
                              "WHERE subject = ? AND asserter = ? AND opinion <= ? ORDER BY version DESC LIMIT ?")) {}

std::set<ResponseReads::Found> ResponseReads::candidates(ResponseQuery const& query, bool& complete) {
  Snapshot const snapshot(connection_, begin_, end_);
  std::set<Found> found;
  std::size_t places = 0;
  auto const read = [&](Statement& rows, std::string const& subject, RowId corner) {
    if (++places > kMostPlaces) return;
    rows.start().bind_text(subject).bind(corner).bind(std::int64_t{query.opinions});
    rows.bind(static_cast<std::int64_t>(query.most + 1));
    while (rows.step()) {
      auto const one =
          found.insert({rows.integer(0), core::to_array<16>(rows.text(1)).value(), rows.integer(2) != 0}).first;
      if (found.size() <= query.most + 1) continue;
      bool const oldest = std::next(one) == found.end();
      found.erase(std::prev(found.end()));
      if (oldest) break;  // and what follows is older still
    }
    rows.reset();
  };
  for (auto const& subject : query.subjects) {
    each_class(query.sight.window.visible, [&](RowId class_row) { read(of_class_, subject, class_row); });
    if (query.sight.window.asserter != 0) read(own_, subject, query.sight.window.asserter);
  }
  complete = places <= kMostPlaces && found.size() <= query.most;
  while (found.size() > query.most) found.erase(std::prev(found.end()));
  return found;
}

core::Result<store::Responses> ResponseReads::about(ResponseQuery const& query) {
  try {
    store::Responses out;
    std::array<std::vector<core::Uuid>, 2> of_type;  // sightings and opinions, the latest first
    std::set<std::pair<bool, core::Uuid>> seen;
    for (auto const& one : candidates(query, out.complete))
      if (seen.emplace(one.opinion, one.uuid).second) of_type.at(one.opinion ? 1 : 0).push_back(one.uuid);
    std::size_t bytes = 0;
    for (bool const opinion : {false, true}) {
      std::span<core::Uuid const> rest = of_type.at(opinion ? 1 : 0);
      for (; !rest.empty() && bytes <= kMostBytes; rest = rest.subspan(std::min(kAtOnce, rest.size()))) {
        auto shown = newest_shown(reader_, query.sight, opinion ? "opinion" : "sighting",
                                  rest.first(std::min(kAtOnce, rest.size())), true);
        if (!shown) return std::unexpected(shown.error());
        for (auto& [version, one] : newest_of_each(*shown)) {
          bytes += one->bytes.size();
          out.rows.push_back(std::move(*one));
        }
      }
      out.complete = out.complete && rest.empty();
    }
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
