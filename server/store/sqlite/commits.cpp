#include "server/store/sqlite/commits.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "schema/core/digest.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kFirst = 1, kNewest = 2, kEnded = 4;
constexpr std::int64_t kDataLog = 0;

std::string little_endian(std::vector<RowId> const& rows) {
  std::string out;
  out.reserve(rows.size() * 8);
  for (RowId row : rows)
    for (int byte = 0; byte < 8; ++byte) out += static_cast<char>(static_cast<std::uint64_t>(row) >> (8 * byte) & 255);
  return out;
}

// What the record will be once the part's fates are known.
void grow(SubmissionRecord& record, std::span<Candidate const> candidates, std::vector<Fate> const& fates) {
  for (std::size_t i = 0; i < fates.size(); ++i) {
    Candidate const& candidate = candidates[i];
    if (fates[i].kind != Verdict::Kind::refuse) {
      if (!candidate.note.empty()) record.notes.emplace_back(record.accepted.size(), candidate.note);
      record.accepted.push_back(fates[i].version);
      continue;
    }
    core::Error const& error = fates[i].error;
    std::string message = std::string(core::row(error.code).code) + ": " + error.detail;
    if (!error.remedy.empty()) message += " " + error.remedy;
    record.refused.push_back({candidate.type + "--" + core::to_text(candidate.uuid), candidate.version_text, std::move(message)});
  }
}

}  // namespace

Commits::Commits(Connection& connection)
    : connection_(connection),
      newest_(connection.prepare("SELECT v.version, v.modified, c.key, v.revoked, n.text, v.digest FROM versions v "
                                 "JOIN classes c ON c.class = v.class LEFT JOIN names n ON n.name = v.creator "
                                 "WHERE v.uuid = ? AND v.type = ? AND v.asserter = ? ORDER BY v.modified DESC LIMIT 1")),
      same_(connection.prepare("SELECT v.version, v.modified, c.key, v.revoked, n.text, v.digest FROM versions v "
                               "JOIN classes c ON c.class = v.class LEFT JOIN names n ON n.name = v.creator "
                               "WHERE v.uuid = ? AND v.type = ? AND v.asserter = ? AND v.modified = ?")),
      insert_version_(connection.prepare(
          "INSERT INTO versions (asserter, type, uuid, modified, created, unversioned, class, kind, revoked, creator, value_key, "
          "origin, origin_index, class_sequence, digest, header, header_salt, body_salt, bytes) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)")),
      insert_leaf_(connection.prepare("INSERT INTO leaves VALUES (?, ?, ?)")),
      insert_publication_(connection.prepare("INSERT INTO publications VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      set_place_(connection.prepare("UPDATE publications SET place = ? WHERE collection = ? AND sequence = ?")),
      standing_(connection.prepare("SELECT p.sequence, v.modified, p.place, v.version FROM versions v "
                                   "JOIN publications p ON p.version = v.version "
                                   "WHERE v.uuid = ? AND v.type = ? AND v.asserter = ? AND p.collection = ? AND p.place < 4")),
      insert_name_(connection.prepare("INSERT INTO names (text) VALUES (?)")),
      insert_class_(connection.prepare("INSERT INTO classes (key, token, next_sequence) VALUES (?, ?, 1)")),
      save_class_(connection.prepare("UPDATE classes SET next_sequence = ? WHERE class = ?")),
      save_counters_(connection.prepare(
          "UPDATE counters SET next_sequence = ?, last_date_added = ?, data_size = ?, control_size = ?")),
      count_(connection.prepare("INSERT INTO publication_counts VALUES (?, ?, ?, 1) "
                                "ON CONFLICT DO UPDATE SET count = count + 1")),
      insert_record_(connection.prepare(
          "INSERT INTO submissions (id, organisation, collection, requested, accepted, notes, refused) VALUES (?, ?, ?, ?, ?, ?, ?)")),
      insert_statement_(connection.prepare("INSERT OR IGNORE INTO statement_markings VALUES (?, ?)")) {
  sqlite3_wal_hook(
      connection.raw(),
      [](void* self, sqlite3*, char const*, int wal_pages) {
        static_cast<Commits*>(self)->wal_pages_ = wal_pages;
        return SQLITE_OK;
      },
      this);
}

core::Result<CommitOutcome> Commits::commit(std::span<CommitPart> parts, CommitRules const& rules, std::int64_t now_us) {
  try {
    load();
    CommitOutcome outcome;
    now_us_ = now_us;
    held_.reset();
    std::vector<SubmissionRecord> grown(parts.size());
    Transaction transaction(connection_);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto& fates = outcome.fates.emplace_back();
      for (Candidate const& candidate : parts[i].candidates)
        fates.push_back(settle(parts[i].collection, candidate, rules, outcome));
      if (parts[i].record == nullptr) continue;
      grown[i] = *parts[i].record;
      grow(grown[i], parts[i].candidates, fates);
      if (parts[i].last) insert_record(grown[i]);
    }
    flush_held(true, outcome);
    save_counters();
    transaction.commit();
    outcome.last_date_added_us = counters_.last_date_added;
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (parts[i].record != nullptr) *parts[i].record = std::move(grown[i]);
    return outcome;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

void Commits::load() {
  if (loaded_) return;
  Statement counters = connection_.prepare("SELECT next_sequence, last_date_added, data_size, control_size FROM counters");
  if (counters.start().step())
    counters_ = {counters.integer(0), counters.integer(1), counters.integer(2), counters.integer(3)};
  counters.reset();
  Statement names = connection_.prepare("SELECT text, name FROM names WHERE text NOT LIKE 'identity--%'");
  while (names.step()) names_.emplace(names.text(0), names.integer(1));
  Statement classes = connection_.prepare("SELECT key, class, token, next_sequence FROM classes");
  while (classes.step())
    classes_.emplace(classes.text(0),
                     Class{classes.integer(1), core::to_array<16>(classes.text(2)).value(), classes.integer(3), false});
  Statement corners = connection_.prepare("SELECT collection, class, asserter FROM publication_counts");
  while (corners.step()) corners_.emplace(corners.integer(0), corners.integer(1), corners.integer(2));
  loaded_ = true;
}

void Commits::forget() {
  names_.clear();
  classes_.clear();
  corners_.clear();
  held_.reset();
  loaded_ = false;
}

RowId Commits::name_row(std::string const& text) {
  if (auto found = names_.find(text); found != names_.end()) return found->second;
  Statement look = connection_.prepare("SELECT name FROM names WHERE text = ?");
  RowId row = 0;
  if (look.start().bind_text(text).step()) {
    row = look.integer(0);
  } else {
    insert_name_.start().bind_text(text).run();
    row = connection_.last_insert();
  }
  // Members choose the names of custom types and creators: memory keeps a bounded number, the table keeps all.
  if (names_.size() < 10'000) names_.emplace(text, row);
  return row;
}

Commits::Class& Commits::class_of(std::string const& key, CommitOutcome& outcome) {
  if (auto found = classes_.find(key); found != classes_.end()) return found->second;
  core::Uuid token = core::random_uuid();
  core::random_bytes(token);  // all 128 bits: the token is no UUID
  insert_class_.start().bind_blob(key).bind_blob(core::view(token)).run();
  RowId row = connection_.last_insert();
  outcome.new_classes.push_back({row, key});
  return classes_.emplace(key, Class{row, token, 1, false}).first->second;
}

ChainState Commits::chain(Candidate const& candidate, RowId type) {
  auto read = [](Statement& statement) {
    return ChainState::Version{statement.integer(0),
                               statement.integer(1),
                               std::string(statement.text(2)),
                               statement.integer(3) != 0,
                               std::string(statement.text(4)),
                               core::to_array<32>(statement.text(5)).value()};
  };
  ChainState state;
  std::string_view uuid = core::view(candidate.uuid);
  if (newest_.start().bind_blob(uuid).bind(type).bind(candidate.asserter).step()) state.newest = read(newest_);
  newest_.reset();
  if (!state.newest || state.newest->modified_ns < candidate.modified_ns) return state;
  if (state.newest->modified_ns == candidate.modified_ns) {
    state.same = state.newest;
  } else {
    if (same_.start().bind_blob(uuid).bind(type).bind(candidate.asserter).bind(candidate.modified_ns).step())
      state.same = read(same_);
    same_.reset();
  }
  return state;
}

Fate Commits::settle(RowId collection, Candidate const& candidate, CommitRules const& rules, CommitOutcome& outcome) {
  RowId type = name_row(candidate.type);
  ChainState state = chain(candidate, type);
  Verdict verdict = rules.judge(candidate, state);
  if (verdict.kind == Verdict::Kind::refuse) return {Verdict::Kind::refuse, 0, std::move(verdict.error)};

  Class& cls = class_of(verdict.kind == Verdict::Kind::unchanged ? state.same->class_key : candidate.class_key, outcome);
  Publication publication{collection, 0, cls.row, candidate.asserter, type, name_row(candidate.kind), 0};
  publication.version =
      verdict.kind == Verdict::Kind::unchanged ? state.same->row : insert_version(candidate, type, cls, rules);
  publish(publication, candidate, state.newest.has_value(), outcome);
  if (candidate.statement_marking && verdict.kind == Verdict::Kind::store) {
    insert_statement_.start().bind(candidate.asserter).bind_blob(core::view(candidate.uuid)).run();
    outcome.new_statements.emplace_back(candidate.asserter, candidate.uuid);
  }
  return {verdict.kind, publication.version, {}};
}

RowId Commits::insert_version(Candidate const& candidate, RowId type, Class& cls, CommitRules const& rules) {
  Seal seal;
  std::optional<std::int64_t> index, class_sequence;
  if (candidate.logged) {
    index = counters_.data_size++;
    class_sequence = cls.next_sequence++;
    cls.dirty = true;
    seal = rules.seal({static_cast<std::uint64_t>(*index), cls.token, static_cast<std::uint64_t>(*class_sequence),
                       static_cast<std::uint64_t>(counters_.control_size), &candidate});
  }
  std::optional<std::int64_t> creator;
  if (!candidate.creator.empty()) creator = name_row(candidate.creator);
  insert_version_.start().bind(candidate.asserter).bind(type).bind_blob(core::view(candidate.uuid)).bind(candidate.modified_ns);
  insert_version_.bind(candidate.created_ns).bind(std::int64_t{candidate.unversioned}).bind(cls.row).bind(name_row(candidate.kind));
  insert_version_.bind(std::int64_t{candidate.revoked}).bind(creator);
  candidate.value_key ? insert_version_.bind_blob(core::view(*candidate.value_key)) : insert_version_.bind_null();
  insert_version_.bind(index).bind(class_sequence).bind_blob(core::view(candidate.digest));
  if (candidate.logged) {
    insert_version_.bind_blob(seal.header).bind_blob(core::view(candidate.header_salt)).bind_blob(core::view(candidate.body_salt));
  } else {
    insert_version_.bind_null().bind_null().bind_null();
  }
  insert_version_.bind_blob(candidate.bytes).run();
  RowId version = connection_.last_insert();
  if (index) insert_leaf_.start().bind(kDataLog).bind(*index).bind_blob(core::view(seal.leaf)).run();
  return version;
}

void Commits::publish(Publication publication, Candidate const& candidate, bool chain_exists, CommitOutcome& outcome) {
  flush_held(false, outcome);
  publication.place = kFirst | kNewest;
  if (chain_exists) {
    auto rows = standing(publication.collection, candidate.asserter, publication.type, core::view(candidate.uuid));
    for (Standing const& row : rows) {
      if (row.version == publication.version) return;  // it stands here already
      std::int64_t place = row.place;
      if (row.modified_ns < candidate.modified_ns) {
        publication.place &= ~kFirst;
        place &= ~kNewest;
      } else {
        publication.place &= ~kNewest;
        place &= ~kFirst;
      }
      if (place != row.place) set_place(publication.collection, row, place, outcome);
    }
  }
  held_ = publication;
}

std::vector<Commits::Standing> Commits::standing(RowId collection, RowId asserter, RowId type, std::string_view uuid) {
  std::vector<Standing> rows;
  standing_.start().bind_blob(uuid).bind(type).bind(asserter).bind(collection);
  while (standing_.step())
    rows.push_back({standing_.integer(0), standing_.integer(1), standing_.integer(2), standing_.integer(3)});
  standing_.reset();
  return rows;
}

void Commits::set_place(RowId collection, Standing const& row, std::int64_t place, CommitOutcome& outcome) {
  set_place_.start().bind(place).bind(collection).bind(row.sequence).run();
  outcome.touched_sequences.push_back(row.sequence);
}

void Commits::flush_held(bool last, CommitOutcome& outcome) {
  if (!held_) return;
  std::int64_t date = std::max(now_us_, counters_.last_date_added + 1);
  if (last) date = (date + 999) / 1'000 * 1'000;
  std::int64_t sequence = counters_.next_sequence++;
  counters_.last_date_added = date;
  insert_publication_.start().bind(held_->collection).bind(sequence).bind(held_->version).bind(held_->class_row);
  insert_publication_.bind(held_->asserter).bind(held_->type).bind(held_->kind).bind(date).bind(held_->place).run();
  count(*held_, outcome);
  if (outcome.first_sequence == 0) outcome.first_sequence = sequence;
  outcome.last_sequence = sequence;
  held_.reset();
}

void Commits::count(Publication const& publication, CommitOutcome& outcome) {
  count_.start().bind(publication.collection).bind(publication.class_row).bind(publication.asserter).run();
  if (corners_.emplace(publication.collection, publication.class_row, publication.asserter).second)
    outcome.new_corners.push_back({publication.collection, publication.class_row, publication.asserter, 1});
}

void Commits::insert_record(SubmissionRecord const& record) {
  nlohmann::json notes = nlohmann::json::object(), refused = nlohmann::json::array();
  for (auto const& [index, text] : record.notes) notes[std::to_string(index)] = text;
  for (auto const& refusal : record.refused)
    refused.push_back({{"id", refusal.id}, {"version", refusal.version}, {"message", refusal.message}});
  auto dump = [](nlohmann::json const& document) {
    return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
  std::string accepted = little_endian(record.accepted), notes_text = dump(notes), refused_text = dump(refused);
  insert_record_.start().bind_blob(core::view(record.id)).bind(record.organisation).bind(record.collection);
  insert_record_.bind(record.requested_us).bind_blob(accepted).bind_text(notes_text).bind_text(refused_text).run();
}

void Commits::save_counters() {
  for (auto& [key, cls] : classes_) {
    if (!cls.dirty) continue;
    save_class_.start().bind(cls.next_sequence).bind(cls.row).run();
    cls.dirty = false;
  }
  save_counters_.start().bind(counters_.next_sequence).bind(counters_.last_date_added);
  save_counters_.bind(counters_.data_size).bind(counters_.control_size).run();
}

core::Result<std::vector<std::int64_t>> Commits::end_publications(RowId collection, RowId asserter, std::string const& type,
                                                                  core::Uuid const& uuid,
                                                                  std::optional<std::int64_t> modified_ns) {
  try {
    load();
    Transaction transaction(connection_);
    std::vector<std::int64_t> ended;
    CommitOutcome outcome;
    Statement asserters = connection_.prepare("SELECT DISTINCT v.asserter FROM versions v JOIN names n ON n.name = v.type "
                                              "WHERE v.uuid = ? AND n.text = ? AND (? = 0 OR v.asserter = ?)");
    asserters.start().bind_blob(core::view(uuid)).bind_text(type).bind(asserter).bind(asserter);
    std::vector<RowId> owners;
    while (asserters.step()) owners.push_back(asserters.integer(0));
    for (RowId owner : owners) {
      auto rows = standing(collection, owner, name_row(type), core::view(uuid));
      std::ranges::sort(rows, {}, &Standing::modified_ns);
      std::vector<Standing> left;
      for (Standing const& row : rows) {
        if (modified_ns && row.modified_ns != *modified_ns) {
          left.push_back(row);
          continue;
        }
        set_place(collection, row, kEnded, outcome);
        ended.push_back(row.sequence);
      }
      for (std::size_t i = 0; i < left.size(); ++i) {
        std::int64_t place = (i == 0 ? kFirst : 0) | (i + 1 == left.size() ? kNewest : 0);
        if (place != left[i].place) set_place(collection, left[i], place, outcome);
      }
    }
    transaction.commit();
    return ended.empty() ? ended : outcome.touched_sequences;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

void Commits::checkpoint(std::int64_t pages) {
  if (wal_pages_ < pages) return;
  // PASSIVE never waits for readers; when readers kept the log from being reused for long, wait for them once.
  int mode = wal_pages_ < 16 * pages ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART;
  sqlite3_wal_checkpoint_v2(connection_.raw(), nullptr, mode, nullptr, nullptr);
}

}  // namespace tocsin::store::sqlite
