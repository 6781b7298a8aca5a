#include "server/store/sqlite/commits.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <set>
#include <utility>

#include "schema/core/digest.hpp"
#include "server/store/sqlite/records.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr RowId kNobodys = 0;  // the row of a name that nothing bears

core::Error contended() {
  return {core::Code::claim_contended, "Another submission of this value was stored at the same moment.", "",
          "Send it again: it becomes a new version."};
}

}  // namespace

// What a later version has taken the place of for more readers is shown to nobody again.
bool Commits::is_released_since(Verdict const& verdict, ChainState const& chain) {
  return verdict.kind == Verdict::Kind::unchanged && chain.same->class_key != chain.newest->class_key;
}

Commits::Commits(Connection& connection, ChainIndex& chains, Audit& audit, WaitingTable& waiting)
    : connection_(connection),
      chains_(chains),
      audit_(audit),
      waiting_(waiting),
      answers_(connection),
      indicators_(connection),
      publications_(connection, chains, indicators_),
      claims_(connection),
      retention_(connection),
      campaigns_(connection),
      responses_(connection),
      recalls_(connection),
      numberings_(connection),
      version_(connection.prepare(
          "SELECT c.key, v.revoked, n.text, v.digest FROM versions v "
          "JOIN classes c ON c.class = v.class LEFT JOIN names n ON n.name = v.creator WHERE v.version = ?")),
      insert_version_(connection.prepare(
          "INSERT INTO versions (asserter, type, uuid, modified, created, unversioned, class, kind, "
          "revoked, creator, value_key, "
          "origin, origin_index, class_sequence, numbering, digest, header, header_salt, body_salt, bytes) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      insert_leaf_(connection.prepare("INSERT INTO leaves (log, position, leaf, entry) VALUES (?, ?, ?, ?)")),
      insert_name_(connection.prepare("INSERT INTO names (text) VALUES (?)")),
      // What numbered entries before migration 26 is not used any more.
      insert_class_(connection.prepare("INSERT INTO classes (key, token, next_sequence) VALUES (?, zeroblob(16), 1)")),
      save_counters_(connection.prepare("UPDATE counters SET next_sequence = ?, last_date_added = ?, data_size = ?, "
                                        "control_size = ?, indexed_through = ?")),
      insert_record_(connection.prepare("INSERT INTO submissions (id, organisation, collection, requested, accepted, "
                                        "notes, refused) VALUES (?, ?, ?, ?, ?, ?, ?)")),
      insert_statement_(connection.prepare("INSERT OR IGNORE INTO statement_markings VALUES (?, ?)")),
      find_statement_(connection.prepare("SELECT 1 FROM statement_markings WHERE asserter = ? AND uuid = ?")),
      known_(connection.prepare("SELECT version, class, asserter, type, kind, uuid, modified, length(bytes) = 0 "
                                "FROM versions WHERE origin = ? AND origin_index = ?")),
      was_published_(connection.prepare("SELECT 1 FROM publications WHERE version = ? AND collection = ?")) {
  sqlite3_wal_hook(
      connection.raw(),
      [](void* self, sqlite3*, char const*, int wal_pages) {
        static_cast<Commits*>(self)->wal_pages_ = wal_pages;
        return SQLITE_OK;
      },
      this);
}

core::Result<CommitOutcome> Commits::commit(std::span<CommitPart> parts, CommitRules const& rules,
                                            std::int64_t now_us) {
  try {
    load();
    CommitOutcome outcome;
    publications_.begin(now_us);
    now_us_ = now_us;
    std::vector<SubmissionRecord> grown(parts.size());
    std::optional<Transaction> transaction(std::in_place, connection_);
    bool refused = false;  // what is to be stored whole: no more work for it
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto& fates = outcome.fates.emplace_back();
      for (Candidate const& candidate : parts[i].candidates) {
        if (refused) break;
        fates.push_back(fate_of(parts[i], candidate, rules, outcome));
        refused = parts[i].whole && fates.back().kind == Verdict::Kind::refuse;
      }
      if (refused) continue;
      if (parts[i].answering)
        if (auto const answer = parts[i].answering(fates)) answers_.keep(*answer);
      if (parts[i].record == nullptr) continue;
      grown[i] = *parts[i].record;
      grow(grown[i], parts[i].candidates, fates);
      if (parts[i].last) insert_record(grown[i]);
    }
    if (refused) {
      transaction.reset();
      forget();
      CommitOutcome nothing;
      nothing.fates = std::move(outcome.fates);
      return nothing;
    }
    audit_.note(parts, outcome.fates);
    for (auto& record : grown) {
      record.overriding.reset();
      record.because.clear();
    }
    finish(*transaction, rules, outcome);
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (parts[i].record != nullptr) *parts[i].record = std::move(grown[i]);
    return outcome;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

void Commits::finish(Transaction& transaction, CommitRules const& rules, CommitOutcome& outcome) {
  publications_.finish(outcome);
  chains_.sweep();
  save_counters();
  announce_and_commit(transaction, outcome, rules);
  chains_.committed();
  outcome.last_date_added_us = publications_.counters().last_date_added;
}

void Commits::announce_and_commit(Transaction& transaction, CommitOutcome const& outcome,
                                  CommitListener const& listener) {
  listener.commits(outcome);
  try {
    transaction.commit();
  } catch (SqliteError const&) {
    listener.undone();
    throw;
  }
}

// Of what is shown again in classes that nobody could read there.
void Commits::announce_and_commit(Transaction& transaction, ShownChange const& change, CommitListener const& listener) {
  CommitOutcome outcome;
  outcome.new_corners = change.new_corners;
  announce_and_commit(transaction, outcome, listener);
}

void Commits::load() {
  if (loaded_) return;
  Statement counters =
      connection_.prepare("SELECT next_sequence, last_date_added, data_size, control_size FROM counters");
  if (counters.start().step()) {
    publications_.load({counters.integer(0), counters.integer(1)});
    log_ = {counters.integer(2), counters.integer(3)};
  }
  counters.reset();
  Statement names = connection_.prepare("SELECT text, name FROM names WHERE text NOT LIKE 'identity--%'");
  while (names.step()) names_.emplace(names.text(0), names.integer(1));
  Statement classes = connection_.prepare("SELECT key, class FROM classes");
  while (classes.step()) classes_.emplace(classes.text(0), classes.integer(1));
  loaded_ = true;
}

void Commits::forget() {
  names_.clear();
  classes_.clear();
  numberings_.forget();
  publications_.forget();
  chains_.rolled_back();
  waiting_.rolled_back();
  loaded_ = false;
}

std::optional<RowId> Commits::find_name(std::string const& text) {
  if (auto found = names_.find(text); found != names_.end()) return found->second;
  Statement look = connection_.prepare("SELECT name FROM names WHERE text = ?");
  if (look.start().bind_text(text).step()) return look.integer(0);
  return std::nullopt;
}

RowId Commits::name_row(std::string const& text) {
  if (auto found = names_.find(text); found != names_.end()) return found->second;
  auto found = find_name(text);
  if (!found) insert_name_.start().bind_text(text).run();
  RowId row = found ? *found : connection_.last_insert();
  // Members choose the names of custom types and creators: memory keeps a bounded number, the table keeps all.
  if (names_.size() < 10'000) names_.emplace(text, row);
  return row;
}

RowId Commits::class_of(std::string const& key, CommitOutcome& outcome) {
  if (auto found = classes_.find(key); found != classes_.end()) return found->second;
  insert_class_.start().bind_blob(key).run();
  RowId row = connection_.last_insert();
  outcome.new_classes.push_back({row, key});
  return classes_.emplace(key, row).first->second;
}

ChainState Commits::chain(Candidate const& candidate, RowId type) {
  ChainState state;
  ChainIndex::Id id{candidate.uuid, type};
  auto newest = chains_.newest(id, candidate.asserter);
  if (!newest) return state;
  state.newest = version(newest->at.version, newest->key.modified_ns);
  if (newest->key.modified_ns == candidate.modified_ns) {
    state.same = state.newest;
  } else if (newest->key.modified_ns > candidate.modified_ns) {
    if (auto same = chains_.find({id, candidate.asserter, candidate.modified_ns}))
      state.same = version(*same, candidate.modified_ns);
  }
  return state;
}

ChainState::Version Commits::version(RowId row, std::int64_t modified_ns) {
  if (!version_.start().bind(row).step()) throw SqliteError(0, 0, "a chain without its version");
  ChainState::Version out{row,
                          modified_ns,
                          std::string(version_.text(0)),
                          version_.integer(1) != 0,
                          std::string(version_.text(2)),
                          core::to_array<32>(version_.text(3)).value()};
  version_.reset();
  return out;
}

bool Commits::has_relied_statements(Candidate const& candidate) {
  return std::ranges::all_of(candidate.relied_statements, [&](core::Uuid const& uuid) {
    bool there = find_statement_.start().bind(candidate.asserter).bind_blob(core::view(uuid)).step();
    find_statement_.reset();
    return there;
  });
}

Fate Commits::fate_of(CommitPart const& part, Candidate const& candidate, CommitRules const& rules,
                      CommitOutcome& outcome) {
  if (part.moderated) return hold(part.collection, candidate, rules, outcome);
  if (candidate.waiting) return publish(part.collection, candidate, rules, outcome);
  return settle({&part.collection, 1}, candidate, rules, outcome);
}

Fate Commits::settle(std::span<RowId const> collections, Candidate const& candidate, CommitRules const& rules,
                     CommitOutcome& outcome) {
  if (!has_relied_statements(candidate)) {
    Candidate narrower = candidate;
    narrower.relied_statements.clear();
    narrower.class_key = candidate.class_key_without;
    narrower.class_key_in_chain.clear();
    Fate fate = settle(collections, narrower, rules, outcome);
    fate.without_statements = true;
    return fate;
  }
  RowId claimed = candidate.claim ? name_row(candidate.claim->key.kind) : kNobodys;
  if (candidate.claim && claims_.contended(candidate.asserter, *candidate.claim, claimed))
    return {.error = contended()};
  RowId type = name_row(candidate.type);
  ChainState state = chain(candidate, type);
  // What was withdrawn meanwhile is not brought back by who read its claim before.
  if (candidate.claim && state.newest && claims_.begins(*candidate.claim)) return {.error = contended()};
  Verdict verdict = rules.judge(candidate, state);
  if (verdict.kind == Verdict::Kind::refuse) return {.error = std::move(verdict.error)};

  if (is_released_since(verdict, state))
    return {.kind = verdict.kind, .version = state.same->row, .error = {}, .there = true, .released_since = true};
  bool const released = candidate.release.has_value();
  if (released && verdict.kind == Verdict::Kind::store)
    if (auto taken = take_place_of_all(candidate, type, outcome); !taken) return {.error = taken.error()};
  if (verdict.replaces) end_chain(candidate, type, outcome);

  // A chain keeps its class but in a release, here or where it comes from; the rules let in what differs from it in the
  // epochs of its audiences only.
  bool const another_class = released || verdict.replaces;
  RowId const cls = class_of(state.newest && !another_class ? state.newest->class_key : candidate.class_key, outcome);
  Publication publication{0, 0, cls, candidate.asserter, type, name_row(candidate.kind)};
  Place const place{cls, collections.empty() ? RowId{0} : collections.front()};  // nowhere: another instance's alone
  publication.version =
      verdict.kind == Verdict::Kind::unchanged ? state.same->row : insert_version(candidate, type, place, rules);
  if (verdict.kind == Verdict::Kind::store)
    retention_.keep(candidate, publication.kind, publication.version, state.newest);
  bool const published = show(collections, publication, candidate, state.newest.has_value(), outcome);
  if (candidate.claim) claims_.keep(candidate.asserter, *candidate.claim, claimed, publication.version);
  if (candidate.claim && candidate.claim->link)
    claims_.keep_link(candidate.asserter, *candidate.claim->link, name_row(candidate.claim->link->kind), candidate.uuid,
                      publication.version);
  if (!candidate.claim && verdict.kind == Verdict::Kind::store && state.newest &&
      state.newest->modified_ns < candidate.modified_ns)
    claims_.follow(state.newest->row, publication.version);
  if (candidate.statement_marking && verdict.kind == Verdict::Kind::store) {
    insert_statement_.start().bind(candidate.asserter).bind_blob(core::view(candidate.uuid)).run();
    outcome.new_statements.emplace_back(candidate.asserter, candidate.uuid);
  }
  return {.kind = verdict.kind,
          .version = publication.version,
          .error = {},
          .earlier_audience = state.newest && !another_class && verdict.kind == Verdict::Kind::store &&
                              state.newest->class_key != candidate.class_key,
          .there = !published};
}

// False: it stands there everywhere. Where an origin's version was published once and is no more, its origin showing it
// again does not bring it back; nor does sending it again bring back what is recalled.
bool Commits::show(std::span<RowId const> collections, Publication publication, Candidate const& candidate,
                   bool chain_exists, CommitOutcome& outcome) {
  if (chain_exists && !recalls_.held(publication.version).empty()) return false;
  bool published = false;
  for (RowId collection : collections) {
    if (candidate.foreign && was_published(publication.version, collection)) continue;
    publication.collection = collection;
    if (publications_.publish(publication, candidate, chain_exists, outcome)) published = true;
  }
  return published;
}

void Commits::insert_record(SubmissionRecord const& record) {
  RecordColumns columns = to_columns(record);
  insert_record_.start().bind_blob(core::view(record.id)).bind(record.organisation).bind(record.collection);
  insert_record_.bind(record.requested_us)
      .bind_blob(columns.accepted)
      .bind_text(columns.notes)
      .bind_text(columns.refused)
      .run();
}

void Commits::save_counters() {
  numberings_.save();
  Publications::Counters const& counters = publications_.counters();
  save_counters_.start().bind(counters.next_sequence).bind(counters.last_date_added);
  save_counters_.bind(log_.data_size).bind(log_.control_size).bind(chains_.indexed_through()).run();
}

core::Result<std::vector<std::int64_t>> Commits::withdraw(Withdrawal const& withdrawal) {
  try {
    load();
    auto type = find_name(withdrawal.type);
    if (!type) return std::vector<std::int64_t>();  // and nothing is written for who asks for what is not there
    Transaction transaction(connection_);
    CommitOutcome outcome;
    ChainIndex::Id id{withdrawal.uuid, *type};
    auto asserters = withdrawal.own ? std::vector{withdrawal.own->asserter} : chains_.asserters(id);
    std::set<RowId> kinds;
    if (withdrawal.own)
      for (auto const& kind : withdrawal.own->kinds) kinds.insert(find_name(kind).value_or(kNobodys));
    for (RowId asserter : asserters)
      publications_.end({withdrawal.collection, asserter, id}, withdrawal, kinds, outcome);
    if (!outcome.touched_sequences.empty()) audit_.note(withdrawal, outcome.touched_sequences);
    transaction.commit();
    return std::move(outcome.touched_sequences);
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

core::Result<void> Commits::keep(KeptAnswer const& answer) {
  try {
    Transaction transaction(connection_);
    answers_.keep(answer);
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
