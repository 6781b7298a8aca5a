#include "server/store/sqlite/reads.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <utility>

#include "schema/stix/timestamp.hpp"
#include "server/store/sqlite/publications.hpp"
#include "server/store/sqlite/records.hpp"
#include "server/store/sqlite/snapshot.hpp"
#include "server/store/taxii_version.hpp"

namespace tocsin::store::sqlite {
// Decides about a row of publications by the window and the filters of a query, without touching its bytes.
class Reads::Filter {
 public:
  Filter(PageQuery const& query, Reads& reads) : window_(query.window), versions_(query.versions) {
    for (auto const& type : query.types)
      if (auto row = reads.name_row(type)) types_.insert(*row);
    for (auto const& kind : query.window.kinds)
      if (auto row = reads.name_row(kind)) kinds_.insert(*row);
    any_type_ = query.types.empty();
    any_kind_ = query.window.kinds.empty();
  }

  [[nodiscard]] bool admits(Row const& row) const {
    if ((row.place & kEnded) != 0) return false;
    bool own = row.asserter == window_.asserter && window_.own.contains(row.class_row);
    if (!own && !window_.visible.contains(row.class_row)) return false;
    if (!any_type_ && !types_.contains(row.type)) return false;
    if (!any_kind_ && !kinds_.contains(row.kind) && !kinds_.contains(row.type)) return false;
    return versions_.all || !versions_.exact_ns.empty() || (versions_.first && (row.place & kFirst) != 0) ||
           (versions_.last && (row.place & kNewest) != 0);
  }

  // The part of the version filter that needs the version itself.
  [[nodiscard]] bool needs_instant() const { return !versions_.all && !versions_.exact_ns.empty(); }
  [[nodiscard]] bool admits_instant(Row const& row, std::int64_t instant_ns) const {
    if (versions_.first && (row.place & kFirst) != 0) return true;
    if (versions_.last && (row.place & kNewest) != 0) return true;
    return std::ranges::find(versions_.exact_ns, instant_ns) != versions_.exact_ns.end();
  }

 private:
  Window const& window_;
  VersionFilter const& versions_;
  std::set<std::int64_t> types_, kinds_;
  bool any_type_ = true, any_kind_ = true;
};

Reads::Reads(std::unique_ptr<Connection> connection, ChainIndex const& chains)
    : connection_(std::move(connection)),
      chains_(chains),
      audit_(*connection_),
      claims_(*connection_, chains),
      campaigns_(*connection_, *this),
      retractions_(*connection_, chains),
      releases_(*connection_),
      indicators_(*connection_, *this),
      responses_(*connection_, *this),
      answers_(*connection_),
      leaves_(*connection_),
      openings_(*connection_),
      waiting_(*connection_),
      retention_(*connection_),
      recalls_(*connection_),
      begin_(connection_->prepare("BEGIN")),
      end_(connection_->prepare("COMMIT")),
      counts_(connection_->prepare("SELECT class, asserter, count FROM publication_counts WHERE collection = ?")),
      by_date_(connection_->prepare("SELECT sequence FROM publications INDEXED BY publications_by_date "
                                    "WHERE collection = ? AND date_added <= ? ORDER BY date_added DESC LIMIT 1")),
      scan_(connection_->prepare(
          "SELECT sequence, version, class, asserter, type, kind, date_added, place FROM publications "
          "WHERE collection = ? AND sequence > ? ORDER BY sequence")),
      own_range_(connection_->prepare("SELECT sequence FROM publications INDEXED BY publications_by_asserter "
                                      "WHERE collection = ? AND asserter = ? AND sequence > ? ORDER BY sequence")),
      row_(connection_->prepare(
          "SELECT sequence, version, class, asserter, type, kind, date_added, place FROM publications "
          "WHERE collection = ? AND sequence = ?")),
      body_(connection_->prepare("SELECT bytes FROM versions WHERE version = ?")),
      facts_(connection_->prepare("SELECT uuid, modified, created, unversioned FROM versions WHERE version = ?")),
      touch_(connection_->prepare("SELECT next_sequence FROM counters")),
      by_id_(connection_->prepare("SELECT version, class, asserter FROM chains WHERE uuid = ? AND type = ?")),
      by_version_(connection_->prepare("SELECT sequence FROM publications WHERE version = ? AND collection = ?")),
      name_(connection_->prepare("SELECT text FROM names WHERE name = ?")),
      name_row_(connection_->prepare("SELECT name FROM names WHERE text = ?")),
      version_at_(connection_->prepare(
          "SELECT n.text, v.uuid, v.modified, v.created, v.unversioned, "
          "(SELECT min(p.date_added) FROM publications p WHERE p.version = v.version) "
          "FROM versions v JOIN names n ON n.name = v.type WHERE v.version = ? AND length(v.bytes) > 0")) {}

core::Result<Page> Reads::page(PageQuery const& query) {
  try {
    if (!query.ids.empty()) return picked(query);
    Snapshot snapshot(*connection_, begin_, end_);
    return ranged(query);
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::int64_t> Reads::last_sequence() {
  try {
    Snapshot snapshot(*connection_, begin_, end_);
    if (!touch_.start().step()) throw SqliteError(0, 0, "a database without its counters");
    std::int64_t next = touch_.integer(0);
    touch_.reset();
    return next - 1;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

Page Reads::ranged(PageQuery const& query) {
  Page page;
  Filter filter(query, *this);
  std::int64_t after = start_of(query);
  std::int64_t total = 0, visible = 0;
  std::set<std::int64_t> classes;
  counts_.start().bind(query.collection);
  while (counts_.step()) {
    total += counts_.integer(2);
    bool own = counts_.integer(1) == query.window.asserter && query.window.own.contains(counts_.integer(0));
    bool shown = query.window.visible.contains(counts_.integer(0));
    if (shown || own) visible += counts_.integer(2);
    if (shown) classes.insert(counts_.integer(0));
  }
  counts_.reset();
  // A range for each class costs a look-up more for every row; a scan costs a step for every hidden row, so it is for
  // those who see all.
  if (visible == total)
    scan(query, after, filter, page);
  else
    merge(query, after, {classes.begin(), classes.end()}, filter, page);
  return page;
}

std::int64_t Reads::start_of(PageQuery const& query) {
  std::int64_t after = query.after_sequence;
  if (query.added_after_us) {
    if (by_date_.start().bind(query.collection).bind(*query.added_after_us).step())
      after = std::max(after, by_date_.integer(0));
    by_date_.reset();
  }
  return after;
}

void Reads::scan(PageQuery const& query, std::int64_t after, Filter const& filter, Page& page) {
  scan_.start().bind(query.collection).bind(after);
  while (scan_.step()) {
    Row row{scan_.integer(0), scan_.integer(1), scan_.integer(2), scan_.integer(3),
            scan_.integer(4), scan_.integer(5), scan_.integer(6), scan_.integer(7)};
    if (admitted(filter, row) && !take(query, row, page)) break;
  }
  scan_.reset();
}

void Reads::merge(PageQuery const& query, std::int64_t after, std::vector<std::int64_t> const& classes,
                  Filter const& filter, Page& page) {
  // Preparing a range costs more than a page reads from it: they are kept.
  while (class_ranges_.size() < classes.size())
    class_ranges_.push_back(
        connection_->prepare("SELECT sequence FROM publications INDEXED BY publications_by_class "
                             "WHERE collection = ? AND class = ? AND sequence > ? ORDER BY sequence"));
  std::vector<Statement*> ranges;
  ranges.reserve(classes.size() + 1);
  for (std::size_t i = 0; i < classes.size(); ++i)
    ranges.push_back(&class_ranges_[i].start().bind(query.collection).bind(classes[i]).bind(after));
  if (query.window.asserter != 0 && !query.window.own.empty())
    ranges.push_back(&own_range_.start().bind(query.collection).bind(query.window.asserter).bind(after));
  struct Reset {  // a statement that is left half-way holds the snapshot
    std::span<Statement* const> ranges;
    ~Reset() {
      for (Statement* range : ranges) range->reset();
    }
  } reset{ranges};
  merge(query, ranges, filter, page);
}

void Reads::merge(PageQuery const& query, std::span<Statement* const> ranges, Filter const& filter, Page& page) {
  using Head = std::pair<std::int64_t, std::size_t>;
  std::priority_queue<Head, std::vector<Head>, std::greater<>> heads;
  for (std::size_t i = 0; i < ranges.size(); ++i)
    if (ranges[i]->step()) heads.emplace(ranges[i]->integer(0), i);
  std::int64_t previous = 0;
  while (!heads.empty()) {
    auto [sequence, range] = heads.top();
    heads.pop();
    if (ranges[range]->step()) heads.emplace(ranges[range]->integer(0), range);
    if (sequence == std::exchange(previous, sequence)) continue;  // an own row of a visible class
    std::optional<Row> row = row_at(query.collection, sequence);
    if (row && admitted(filter, *row) && !take(query, *row, page)) return;
  }
}

Page Reads::picked(PageQuery const& query) {
  std::vector<ChainIndex::Id> ids;
  std::map<std::string_view, std::optional<std::int64_t>> rows;  // of types: they are few
  for (auto const& [type, uuid] : query.ids) {
    auto const [at, is_new] = rows.try_emplace(type);
    if (is_new) at->second = name_row(type);
    if (at->second) ids.push_back({uuid, *at->second});
  }
  std::optional<Snapshot> snapshot;
  auto recent = chains_.in_memory(ids, [&] {
    snapshot.emplace(*connection_, begin_, end_);
    (void)touch_.start().step();  // the first read is what fixes the snapshot
    touch_.reset();
  });
  // What may not be seen is left out here, by its class, so that it costs no more than a step in the index.
  auto shown = [&](RowId class_row, RowId asserter) {
    return query.window.visible.contains(class_row) ||
           (asserter == query.window.asserter && query.window.own.contains(class_row));
  };
  std::set<std::int64_t> versions, sequences;
  for (auto const& [key, at] : recent)
    if (shown(at.class_row, key.asserter)) versions.insert(at.version);
  for (ChainIndex::Id const& id : ids) {
    by_id_.start().bind_blob(core::view(id.uuid)).bind(id.type);
    while (by_id_.step())
      if (shown(by_id_.integer(1), by_id_.integer(2))) versions.insert(by_id_.integer(0));
    by_id_.reset();
  }
  for (std::int64_t version : versions) {
    by_version_.start().bind(version).bind(query.collection);
    while (by_version_.step()) sequences.insert(by_version_.integer(0));
    by_version_.reset();
  }
  Page page;
  Filter filter(query, *this);
  std::int64_t after = start_of(query);
  for (auto at = sequences.upper_bound(after); at != sequences.end(); ++at) {
    std::optional<Row> row = row_at(query.collection, *at);
    if (row && admitted(filter, *row) && !take(query, *row, page)) break;
  }
  return page;
}

std::optional<Reads::Row> Reads::row_at(std::int64_t collection, std::int64_t sequence) {
  std::optional<Row> row;
  if (row_.start().bind(collection).bind(sequence).step())
    row = Row{row_.integer(0), row_.integer(1), row_.integer(2), row_.integer(3),
              row_.integer(4), row_.integer(5), row_.integer(6), row_.integer(7)};
  row_.reset();
  return row;
}

bool Reads::admitted(Filter const& filter, Row const& row) {
  if (!filter.admits(row)) return false;
  if (!filter.needs_instant()) return true;
  return filter.admits_instant(row, taxii_version_ns(facts(row)));
}

PageRow Reads::facts(Row const& row) {
  PageRow out{row.sequence, row.date_added, {}, {}, 0, std::nullopt, false};
  if (!facts_.start().bind(row.version).step()) throw SqliteError(0, 0, "a publication without its version");
  out.uuid = core::to_array<16>(facts_.text(0)).value();
  out.modified_ns = facts_.integer(1);
  out.created_ns = facts_.optional_integer(2);
  out.unversioned = facts_.integer(3) != 0;
  out.version = row.version;
  out.asserter = row.asserter;
  out.class_row = row.class_row;
  facts_.reset();
  return out;
}

bool Reads::take(PageQuery const& query, Row const& row, Page& page) {
  if (page.count == query.limit || page.objects.size() > query.most_bytes) {
    page.more = true;
    return false;
  }
  PageRow out{row.sequence, row.date_added, {}, {}, 0, std::nullopt, false};
  if (!query.with_bytes || query.every_row) {
    out = facts(row);
    out.type = name(row.type);
    out.kind = name(row.kind);
  }
  if (query.with_bytes) {
    if (!body_.start().bind(row.version).step()) throw SqliteError(0, 0, "a publication without its version");
    if (page.count > 0) page.objects += ',';
    out.bytes = body_.text(0).size();
    page.objects += body_.text(0);
    body_.reset();
    if (!query.every_row && page.rows.size() == 2) page.rows.pop_back();
  }
  page.rows.push_back(std::move(out));
  ++page.count;
  return true;
}

std::string const& Reads::name(std::int64_t row) {
  if (auto found = names_.find(row); found != names_.end()) return found->second;
  if (names_.size() >= 10'000) names_.clear();
  std::string text;
  if (name_.start().bind(row).step()) text = name_.text(0);
  name_.reset();
  return names_.emplace(row, std::move(text)).first->second;
}

std::optional<std::int64_t> Reads::name_row(std::string const& text) {
  std::optional<std::int64_t> row;
  if (name_row_.start().bind_text(text).step()) row = name_row_.integer(0);
  name_row_.reset();
  return row;
}

// The version that what waited for an analyst became. 0: there is none, and the status tells why, but of what was
// erased.
RowId Reads::version_of_waiting(RowId row, std::string& note, Status& status) {
  Statement look = connection_->prepare(
      "SELECT type, uuid, version, state, because, received, published FROM waiting WHERE waiting = ?");
  if (!look.start().bind(row).step()) return 0;
  auto const id = std::string(look.text(0)) + "--" + core::to_text(core::to_array<16>(look.text(1)).value());
  std::string version(look.text(2));
  if (version.empty()) version = stix::Timestamp::from_microseconds(look.integer(5)).text_microseconds();
  switch (static_cast<WaitingEntry::State>(look.integer(3))) {
    case WaitingEntry::State::waiting:
      status.waiting.push_back({id, version, note});
      return 0;
    case WaitingEntry::State::published:
      note = "An analyst of this instance published it.";
      return look.integer(6);
    case WaitingEntry::State::refused:
      status.refused.push_back({id, version, "An analyst of this instance refused it: " + std::string(look.text(4))});
      return 0;
    case WaitingEntry::State::withdrawn:
      status.refused.push_back({id, version, "Your organisation withdrew it while it waited."});
  }
  return 0;
}

core::Result<std::optional<ReadStore::Status>> Reads::status(core::Uuid const& id, RowId organisation) {
  try {
    Snapshot snapshot(*connection_, begin_, end_);
    Statement record = connection_->prepare(
        "SELECT requested, accepted, notes, refused FROM submissions WHERE id = ? AND organisation = ?");
    if (!record.start().bind_blob(core::view(id)).bind(organisation).step()) return std::nullopt;
    Status status;
    status.requested_us = record.integer(0);
    SubmissionRecord lists = from_columns(record.text(1), record.text(2), record.text(3));
    auto note = lists.notes.begin();
    for (std::size_t i = 0; i < lists.accepted.size(); ++i) {
      std::string text = note != lists.notes.end() && note->first == i ? std::move((note++)->second) : std::string();
      RowId version = lists.accepted[i];
      if (version < 0) version = version_of_waiting(-version, text, status);
      if (version == 0 || !version_at_.start().bind(version).step()) continue;
      PageRow row{0,
                  version_at_.integer(5),
                  std::string(version_at_.text(0)),
                  core::to_array<16>(version_at_.text(1)).value(),
                  version_at_.integer(2),
                  version_at_.optional_integer(3),
                  version_at_.integer(4) != 0};
      status.accepted.push_back({row.type + "--" + core::to_text(row.uuid), taxii_version(row), std::move(text)});
      version_at_.reset();
    }
    std::ranges::move(lists.refused, std::back_inserter(status.refused));
    return status;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
