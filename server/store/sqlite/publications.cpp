#include "server/store/sqlite/publications.hpp"

#include <algorithm>

#include "server/store/taxii_version.hpp"

namespace tocsin::store::sqlite {

Publications::Publications(Connection& connection, ChainIndex& chains, Indicators& indicators)
    : connection_(connection),
      chains_(chains),
      indicators_(indicators),
      insert_(connection.prepare("INSERT INTO publications VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      set_place_(connection.prepare("UPDATE publications SET place = ? WHERE collection = ? AND sequence = ?")),
      standing_(connection.prepare("SELECT sequence, place, class, kind, date_added FROM publications "
                                   "WHERE version = ? AND collection = ? AND place < 4")),
      dates_(connection.prepare("SELECT modified, created, unversioned FROM versions WHERE version = ?")),
      count_(connection.prepare("INSERT INTO publication_counts VALUES (?, ?, ?, 1) "
                                "ON CONFLICT DO UPDATE SET count = count + 1")) {}

void Publications::load(Counters counters) {
  counters_ = counters;
  Statement corners = connection_.prepare("SELECT collection, class, asserter FROM publication_counts");
  while (corners.step()) corners_.emplace(corners.integer(0), corners.integer(1), corners.integer(2));
}

void Publications::forget() {
  corners_.clear();
  held_.reset();
  since_.clear();
}

void Publications::begin(std::int64_t now_us) {
  now_us_ = now_us;
  held_.reset();
}

bool Publications::publish(Publication publication, Candidate const& candidate, bool chain_exists,
                           CommitOutcome& outcome) {
  flush_held(false, outcome);
  since_.clear();
  publication.place = kFirst | kNewest;
  if (chain_exists) {
    if (standing(publication.version, publication.collection)) return false;
    ChainPlace chain{publication.collection, candidate.asserter, {candidate.uuid, publication.type}};
    take_place(chain, candidate.modified_ns, publication, outcome);
  }
  publication.since = std::move(since_);
  held_ = std::move(publication);
  return true;
}

// Chains may be long: what stands first and last is looked for from both ends, and nothing between is read.
void Publications::take_place(ChainPlace const& chain, std::int64_t modified_ns, Publication& publication,
                              CommitOutcome& outcome) {
  std::optional<Standing> newest, first;
  for (auto at = chains_.newest(chain.id, chain.asserter); at && !newest; at = chains_.before(at->key))
    newest = standing(at->at.version, chain.collection, at->key.modified_ns);
  if (!newest) return;
  if (newest->modified_ns < modified_ns) {
    publication.place &= ~kFirst;
    set_place(chain.collection, *newest, newest->place & ~kNewest, outcome);
    return;
  }
  publication.place &= ~kNewest;
  for (auto at = chains_.oldest(chain.id, chain.asserter); at && !first; at = chains_.after(at->key))
    first = standing(at->at.version, chain.collection, at->key.modified_ns);
  if (first && first->modified_ns > modified_ns)
    set_place(chain.collection, *first, first->place & ~kFirst, outcome);
  else
    publication.place &= ~kFirst;
}

void Publications::finish(CommitOutcome& outcome) { flush_held(true, outcome); }

void Publications::end(ChainPlace const& chain, Withdrawal const& withdrawal, std::set<RowId> const& kinds,
                       CommitOutcome& outcome) {
  end_where(chain, [&](Standing const& row) { return is_withdrawn(row, chain, withdrawal, kinds); }, outcome);
}

void Publications::end(ChainPlace const& chain, std::set<RowId> const& versions, CommitOutcome& outcome) {
  end_where(chain, [&](Standing const& row) { return versions.contains(row.version); }, outcome);
}

void Publications::end_where(ChainPlace const& chain, std::function<bool(Standing const&)> const& ends,
                             CommitOutcome& outcome) {
  std::vector<Standing> left;
  bool ended = false;
  since_.clear();
  for (Standing const& row : standing(chain)) {  // in order of modification
    if (!ends(row)) {
      left.push_back(row);
      continue;
    }
    set_place(chain.collection, row, kEnded, outcome);
    ended = true;
  }
  if (!ended) return;
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::int64_t place = (i == 0 ? kFirst : 0) | (i + 1 == left.size() ? kNewest : 0);
    if (place != left[i].place) set_place(chain.collection, left[i], place, outcome);
  }
}

bool Publications::is_withdrawn(Standing const& row, ChainPlace const& chain, Withdrawal const& withdrawal,
                                std::set<RowId> const& kinds) {
  if (auto const& own = withdrawal.own) {
    if (!own->visible.contains(row.class_row) && !own->own.contains(row.class_row)) return false;
    if (!kinds.empty() && !kinds.contains(row.kind) && !kinds.contains(chain.id.type)) return false;
  }
  if (withdrawal.versions_ns.empty()) return true;
  return std::ranges::find(withdrawal.versions_ns, taxii_instant(row)) != withdrawal.versions_ns.end();
}

std::int64_t Publications::taxii_instant(Standing const& row) {
  if (!dates_.start().bind(row.version).step()) throw SqliteError(0, 0, "a publication without its version");
  PageRow facts;
  facts.date_added_us = row.date_added;
  facts.modified_ns = dates_.integer(0);
  facts.created_ns = dates_.optional_integer(1);
  facts.unversioned = dates_.integer(2) != 0;
  dates_.reset();
  return taxii_version_ns(facts);
}

std::vector<Publications::Standing> Publications::standing(ChainPlace const& chain) {
  std::vector<Standing> rows;
  for (auto const& [key, at] : chains_.chain(chain.id, chain.asserter))
    if (auto row = standing(at.version, chain.collection, key.modified_ns)) rows.push_back(*row);
  return rows;
}

std::optional<Publications::Standing> Publications::standing(RowId version, RowId collection,
                                                             std::int64_t modified_ns) {
  std::optional<Standing> row;
  if (standing_.start().bind(version).bind(collection).step())
    row = Standing{standing_.integer(0), modified_ns,          standing_.integer(1), version,
                   standing_.integer(2), standing_.integer(3), standing_.integer(4)};
  standing_.reset();
  return row;
}

void Publications::set_place(RowId collection, Standing const& row, std::int64_t place, CommitOutcome& outcome) {
  set_place_.start().bind(place).bind(collection).bind(row.sequence).run();
  outcome.touched_sequences.push_back(row.sequence);
  bool const was = (row.place & kNewest) != 0, is = (place & kNewest) != 0;
  if (was && !is) since_ = indicators_.hide(collection, row.sequence, row.version);
  if (is && !was) indicators_.show(collection, row.sequence, row.version, since_);
}

void Publications::flush_held(bool last, CommitOutcome& outcome) {
  if (!held_) return;
  std::int64_t date = std::max(now_us_, counters_.last_date_added + 1);
  if (last) date = (date + 999) / 1'000 * 1'000;
  std::int64_t sequence = counters_.next_sequence++;
  counters_.last_date_added = date;
  insert_.start().bind(held_->collection).bind(sequence).bind(held_->version).bind(held_->class_row);
  insert_.bind(held_->asserter).bind(held_->type).bind(held_->kind).bind(date).bind(held_->place).run();
  if ((held_->place & kNewest) != 0 && held_->kind != held_->type)
    indicators_.show(held_->collection, sequence, held_->version, held_->since);
  count(*held_, outcome);
  if (outcome.first_sequence == 0) outcome.first_sequence = sequence;
  outcome.last_sequence = sequence;
  held_.reset();
}

void Publications::count(Publication const& publication, CommitOutcome& outcome) {
  count_.start().bind(publication.collection).bind(publication.class_row).bind(publication.asserter).run();
  if (corners_.emplace(publication.collection, publication.class_row, publication.asserter).second)
    outcome.new_corners.push_back({publication.collection, publication.class_row, publication.asserter, 1});
}

}  // namespace tocsin::store::sqlite
