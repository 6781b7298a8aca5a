// The part of the index of indicators that readers use.
#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <queue>
#include <tuple>

#include "schema/stix/json.hpp"
#include "server/store/sqlite/indicators.hpp"
#include "server/store/sqlite/key_lists.hpp"
#include "server/store/sqlite/shown.hpp"
#include "server/store/sqlite/snapshot.hpp"

namespace tocsin::store::sqlite {
namespace {

// Of one search: candidates of one look, which may be a mebibyte each; bytes that are shown or compared; texts that are
// compared; rows of the index that are looked at.
constexpr std::size_t kAtOnce = 32, kMostBytes = 8u << 20, kMostCompared = 2'000, kMostSteps = 50'000;

bool is_found(IndicatorQuery const& query, Published const& one) {
  if (!query.text) return true;
  auto const object = stix::parse_json(one.bytes);
  return object && query.text->matches(*object);
}

// The first range, of ascending ones that are apart, that does not end before the key.
std::vector<kinds::KeyRange>::const_iterator first_behind(std::vector<kinds::KeyRange> const& ranges,
                                                          std::string_view key) {
  return std::ranges::upper_bound(ranges, key, {}, [](auto const& range) { return std::string_view(range.end); });
}

// The columns of a row of the index, as ranges_ selects them.
enum Column : int { key, sequence, class_row, version, creator, confidence, valid_from, valid_until, several };

}  // namespace

struct IndicatorReads::Looking {
  IndicatorQuery const& query;
  IndicatorPlace const& after;
  std::size_t most = 0;
  std::vector<Corner> corners;
  std::string facet;                      // that leads
  std::optional<std::int64_t> creator{};  // the row of the name
  std::size_t steps = 0;                  // rows that the search has looked at
  std::vector<Candidate> found{};
  std::optional<IndicatorPlace> stopped{};  // how far it was looked, when that was far enough
};

IndicatorReads::IndicatorReads(Connection& connection, ReadStore& reader)
    : connection_(connection),
      reader_(reader),
      begin_(connection.prepare("BEGIN")),
      end_(connection.prepare("COMMIT")),
      holds_(connection.prepare("SELECT 1 FROM indicator_index WHERE collection = ? AND corner = ? LIMIT 1")),
      has_facet_(connection.prepare("SELECT 1 FROM indicator_index WHERE collection = ? AND corner = ? AND facet = ? "
                                    "AND key = ? AND sequence = ?")),
      keys_(connection.prepare("SELECT keys FROM indicators WHERE version = ?")),
      name_(connection.prepare("SELECT name FROM names WHERE text = ?")),
      uuid_(connection.prepare("SELECT uuid FROM versions WHERE version = ?")),
      holds_between_(connection.prepare("SELECT 1 FROM indicator_index WHERE collection = ? AND corner = ? AND facet = "
                                        "x'' AND key >= ? AND key <= ? LIMIT 1")),
      claims_(connection.prepare(
          "SELECT since, class, version, asserter, creator, valid_until, revoked, relayed, several FROM "
          "indicator_index WHERE collection = ? AND corner = ? AND facet = x'' AND key = ? ORDER BY sequence LIMIT ?")),
      chain_(connection.prepare("SELECT uuid, modified FROM versions WHERE version = ?")),
      logged_(connection.prepare("SELECT origin_index, header, header_salt, body_salt, bytes, origin FROM versions "
                                 "WHERE version = ? AND origin_index IS NOT NULL")),
      is_named_(connection.prepare("SELECT 1 FROM organisations o JOIN names n ON n.text = o.identity "
                                   "WHERE o.organisation = ? AND n.name = ?")),
      listed_(connection.prepare(
          "SELECT p.sequence, p.version, p.class, p.asserter, v.uuid, i.keys, i.confidence, i.valid_from, "
          "i.valid_until, i.revoked, length(v.bytes), CASE WHEN length(v.bytes) <= ? AND json_valid(CAST(v.bytes AS "
          "TEXT)) "
          "AND json_extract(CAST(v.bytes AS TEXT), '$.pattern_type') = 'stix' "
          "THEN json_extract(CAST(v.bytes AS TEXT), '$.pattern') END "
          "FROM publications p JOIN indicators i ON i.version = p.version JOIN versions v "
          "ON v.version = p.version WHERE p.collection = ? AND p.sequence > ? AND p.place & 6 = 2 "
          "ORDER BY p.sequence LIMIT ?")),
      bytes_(connection.prepare("SELECT bytes FROM versions WHERE version = ?")),
      templates_(connection.prepare(
          "SELECT p.sequence, p.class, p.asserter, v.bytes FROM publications p JOIN versions v ON v.version = "
          "p.version "
          "WHERE p.collection = ? AND p.sequence > ? AND p.sequence <= ? AND p.place & 4 = 0 "
          "AND p.type = (SELECT name FROM names WHERE text = 'prompt-template') ORDER BY p.sequence LIMIT ?")) {}

// Those of the window in which there is any indicator.
std::vector<IndicatorReads::Corner> IndicatorReads::corners(Sight const& sight) {
  std::vector<Corner> out;
  for (RowId collection : sight.collections) {
    auto const add = [&](RowId row) {
      if (holds_.start().bind(collection).bind(row).step()) out.push_back({collection, row});
      holds_.reset();
    };
    each_class(sight.window.visible, add);
    if (sight.window.asserter != 0 && !sight.window.own.empty()) add(-sight.window.asserter);
  }
  return out;
}

IndicatorReads::Candidates IndicatorReads::candidates(IndicatorQuery const& query, IndicatorPlace const& after,
                                                      std::size_t most, std::size_t& steps) {
  Snapshot const snapshot(connection_, begin_, end_);
  Looking looking{query, after, most, corners(query.sight), query.facets.empty() ? "" : query.facets.front(),
                  {},    steps};
  if (!query.creator.empty()) {
    if (name_.start().bind_text(query.creator).step()) looking.creator = name_.integer(0);
    name_.reset();
    if (!looking.creator) return Candidates();
  }
  while (ranges_.size() < looking.corners.size())
    ranges_.push_back(connection_.prepare(
        "SELECT key, sequence, class, version, creator, confidence, valid_from, valid_until, several "
        "FROM indicator_index WHERE collection = ? AND corner = ? AND facet = ? AND (key, sequence) > (?, ?) AND key < "
        "? "
        "ORDER BY key, sequence"));
  for (auto range = first_behind(query.keys, after.key); range != query.keys.end(); ++range) {
    if (looking.found.size() == most || looking.stopped) break;
    look(looking, *range);
  }
  steps = looking.steps;
  return {std::move(looking.found), std::move(looking.stopped)};
}

// Merges the corners: each has its rows in the order of their keys.
void IndicatorReads::look(Looking& looking, kinds::KeyRange const& range) {
  IndicatorPlace const start = std::max(looking.after, IndicatorPlace{range.first, -1});
  struct Reset {  // a statement that is left half-way holds the snapshot
    std::vector<Statement>& statements;
    ~Reset() {
      for (Statement& one : statements) one.reset();
    }
  } const reset{ranges_};
  using Head = std::tuple<std::string, std::int64_t, std::size_t>;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  auto const advance = [&](std::size_t at) {
    auto& rows = ranges_[at];
    if (rows.step()) heads.emplace(rows.text(Column::key), rows.integer(Column::sequence), at);
  };
  for (std::size_t at = 0; at < looking.corners.size(); ++at) {
    ranges_[at].start().bind(looking.corners[at].collection).bind(looking.corners[at].row).bind_blob(looking.facet);
    ranges_[at].bind_blob(start.key).bind(start.sequence).bind_blob(range.end);
    advance(at);
  }
  while (!heads.empty() && looking.found.size() < looking.most && !looking.stopped) {
    auto const [key, sequence, at] = heads.top();
    heads.pop();
    if (admitted(looking, ranges_[at], looking.corners[at]))
      looking.found.push_back({{key, sequence}, ranges_[at].integer(Column::version)});
    if (++looking.steps >= kMostSteps) looking.stopped = IndicatorPlace{key, sequence};
    advance(at);
  }
}

bool IndicatorReads::admitted(Looking const& looking, Statement& row, Corner const& corner) {
  auto const& query = looking.query;
  auto const& window = query.sight.window;
  RowId const own_class = row.integer(Column::class_row);
  // What its class shows comes from there.
  if (corner.row < 0 && (window.visible.contains(own_class) || !window.own.contains(own_class))) return false;
  if (looking.creator && row.optional_integer(Column::creator) != looking.creator) return false;
  if (query.min_confidence && row.optional_integer(Column::confidence).value_or(-1) < *query.min_confidence)
    return false;
  auto const is_over = [&row](std::int64_t at_us) {
    auto const until = row.optional_integer(Column::valid_until);
    return until && *until <= at_us;
  };
  if (query.active_at_us && (row.integer(Column::valid_from) > *query.active_at_us || is_over(*query.active_at_us)))
    return false;
  if (query.lasts_beyond_us && is_over(*query.lasts_beyond_us)) return false;
  for (std::size_t i = 1; i < query.facets.size(); ++i) {
    has_facet_.start()
        .bind(corner.collection)
        .bind(corner.row)
        .bind_blob(query.facets[i])
        .bind_blob(row.text(Column::key));
    bool const has = has_facet_.bind(row.integer(Column::sequence)).step();
    has_facet_.reset();
    if (!has) return false;
  }
  return row.integer(Column::several) == 0 || is_first(query, row.integer(Column::version), row.text(Column::key));
}

// Of an indicator with several keys the first that is asked for: it is found once.
bool IndicatorReads::is_first(IndicatorQuery const& query, RowId version, std::string_view key) {
  auto const all = keys_of(version);
  auto const asked = [&](std::string const& one) {
    auto const range = first_behind(query.keys, one);
    return range != query.keys.end() && range->first <= one;
  };
  auto const first = std::ranges::find_if(all, asked);
  return first != all.end() && *first == key;
}

std::vector<std::string> IndicatorReads::keys_of(RowId version) {
  std::vector<std::string> out;
  if (keys_.start().bind(version).step()) out = split(keys_.text(0));
  keys_.reset();
  return out;
}

// The candidates that are the newest version shown of their indicator, in their order. One that is published in several
// collections is there once.
core::Result<std::vector<IndicatorReads::Found>> IndicatorReads::shown_of(Sight const& sight,
                                                                          std::vector<Candidate> const& candidates) {
  std::vector<RowId> versions;
  for (auto const& one : candidates) versions.push_back(one.version);
  auto found = newest_shown(reader_, sight, "indicator", uuids_of(versions), true);
  if (!found) return std::unexpected(found.error());
  auto const newest = newest_of_each(*found);
  std::vector<Found> out;
  for (auto const& one : candidates)
    if (auto at = newest.find(one.version); at != newest.end() && at->second->row.sequence == one.place.sequence)
      out.push_back({one.place, std::move(*at->second)});
  return out;
}

// What a commit replaced between a look and its page stands behind, under its new sequence: so the last look is one
// that finds nothing.
core::Result<IndicatorPage> IndicatorReads::search(IndicatorQuery const& query) {
  try {
    IndicatorPage out;
    out.after = query.after;
    std::size_t bytes = 0, compared = 0, steps = 0;
    IndicatorPlace looked_to = query.after;
    for (bool all = false; !all && !out.more;) {
      auto const wanted = query.text ? kAtOnce : query.limit + 1 - out.rows.size();
      auto const [some, stopped] = candidates(query, looked_to, std::min(kAtOnce, wanted), steps);
      auto found = shown_of(query.sight, some);
      if (!found) return std::unexpected(found.error());
      all = some.empty();
      if (!all) looked_to = some.back().place;
      for (auto& [place, one] : *found) {
        out.more = out.rows.size() == query.limit || bytes >= kMostBytes;
        if (out.more) break;
        out.after = std::move(place);
        bytes += one.bytes.size();
        if (is_found(query, one)) out.rows.push_back(std::move(one));
      }
      if (out.more) break;
      if (stopped) looked_to = *stopped;
      compared += some.size();
      // What was looked at is behind the reader, whether any of it was shown or not: the next answer goes on there.
      if (stopped || (query.text && compared >= kMostCompared && !all)) {
        out.more = true;
        out.after = looked_to;
      }
    }
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<Published>> IndicatorReads::find(Sight const& sight, core::Uuid const& indicator) {
  auto found = newest_shown(reader_, sight, "indicator", {&indicator, 1}, true);
  if (!found) return std::unexpected(found.error());
  std::vector<Published> out;
  for (auto const& [version, one] : newest_of_each(*found)) out.push_back(std::move(*one));
  return out;
}

core::Result<std::pair<std::vector<Published>, bool>> IndicatorReads::versions(Sight const& sight,
                                                                               core::Uuid const& indicator,
                                                                               std::size_t most) {
  PageQuery query;
  query.limit = most;
  query.most_bytes = kMostBytes;
  query.versions = {false, false, true, {}};
  bool more = false;
  auto found = shown(reader_, sight, "indicator", {&indicator, 1}, std::move(query), more);
  if (!found) return std::unexpected(found.error());
  std::ranges::sort(*found, {}, [](Published const& one) { return one.row.sequence; });
  return std::pair(*std::move(found), more);
}

core::Result<std::optional<LoggedIndicator>> IndicatorReads::logged(RowId version) {
  try {
    std::optional<LoggedIndicator> out;
    bool elsewhere = false;
    if (logged_.start().bind(version).step()) {
      auto const header_salt = core::to_array<32>(logged_.text(2)), body_salt = core::to_array<32>(logged_.text(3));
      elsewhere = logged_.integer(5) != 0;
      if (header_salt && body_salt)  // else it was erased
        out = LoggedIndicator{
            static_cast<std::uint64_t>(logged_.integer(0)),
            {log::commit_header(*header_salt, logged_.text(1)), *body_salt, std::string(logged_.text(4))}};
    }
    logged_.reset();
    if (elsewhere)
      return core::fail(core::Code::not_logged,
                        "This version is in the log of the instance that it came from, and not in the one of this "
                        "instance.",
                        "", "Ask for the proof there.");
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
