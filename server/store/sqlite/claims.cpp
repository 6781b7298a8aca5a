#include "server/store/sqlite/claims.hpp"

#include <algorithm>
#include <map>

namespace tocsin::store::sqlite {
namespace {

using Role = ClaimPart::Role;

// Ends the read transaction, and with it the snapshot.
class Reading {
 public:
  Reading(Connection& connection, Statement& end) : connection_(connection), end_(end) {}
  ~Reading() {
    try {
      end_.start().run();
    } catch (SqliteError const&) {
    }
    connection_.let_go();
  }
  Reading(Reading const&) = delete;
  Reading& operator=(Reading const&) = delete;

 private:
  Connection& connection_;
  Statement& end_;
};

}  // namespace

Claims::Claims(Connection& connection)
    : owner_(connection.prepare("SELECT c.uuid, v.modified, c.observable, c.relationship FROM claims c "
                                "JOIN versions v ON v.version = c.indicator "
                                "WHERE c.asserter = ? AND c.kind = ? AND c.value = ?")),
      keep_(connection.prepare("INSERT INTO claims VALUES (?, ?, ?, ?, ?, NULL, NULL) ON CONFLICT DO UPDATE SET "
                               "observable = CASE WHEN uuid = excluded.uuid THEN observable END, "
                               "relationship = CASE WHEN uuid = excluded.uuid THEN relationship END, "
                               "uuid = excluded.uuid, indicator = excluded.indicator")),
      keep_observable_(
          connection.prepare("UPDATE claims SET observable = ? WHERE asserter = ? AND kind = ? AND value = ?")),
      keep_relationship_(
          connection.prepare("UPDATE claims SET relationship = ? WHERE asserter = ? AND kind = ? AND value = ?")),
      follow_(connection.prepare("UPDATE claims SET indicator = ? WHERE indicator = ?")),
      forget_(connection.prepare("DELETE FROM claims WHERE indicator = ?")),
      forget_observable_(connection.prepare("UPDATE claims SET observable = NULL WHERE observable = ?")),
      forget_relationship_(connection.prepare("UPDATE claims SET relationship = NULL WHERE relationship = ?")),
      bond_(connection.prepare("INSERT OR IGNORE INTO bonds VALUES (?, ?, ?)")),
      forget_bond_(connection.prepare("DELETE FROM bonds WHERE version = ?")),
      forget_bonds_(connection.prepare("DELETE FROM bonds WHERE asserter = ? AND uuid = ?")),
      parts_(connection.prepare("SELECT asserter, uuid, observable, relationship FROM claims WHERE indicator = ?")),
      bonds_(connection.prepare("SELECT version FROM bonds WHERE asserter = ? AND uuid = ?")),
      other_(connection.prepare("SELECT 1 FROM claims WHERE observable = ?1 AND uuid <> ?2 "
                                "UNION ALL SELECT 1 FROM bonds WHERE version = ?1 AND uuid <> ?2 LIMIT 1")) {}

bool Claims::contended(RowId asserter, ClaimPart const& part, RowId kind) {
  bool const first = part.role == Role::indicator;
  bool free = first;  // when there is no such claim
  standing_.reset();
  if (owner_.start().bind(asserter).bind(kind).bind_blob(core::view(part.key.value)).step()) {
    auto const owner = core::to_array<16>(owner_.text(0));
    free = first ? owner == part.indicator || owner == part.replaces
                 : owner == part.indicator && owner_.integer(1) == part.modified_ns;
    standing_ = Standing{owner.value(), owner_.optional_integer(2), owner_.optional_integer(3)};
  }
  owner_.reset();
  return !free;
}

void Claims::keep(RowId asserter, ClaimPart const& part, RowId kind, RowId version) {
  auto const value = core::view(part.key.value);
  auto const displaced = [&](std::optional<RowId> before) { return before && before != version; };
  if (standing_ && part.role == Role::indicator && standing_->uuid != part.indicator)
    for (auto const before : {standing_->observable, standing_->relationship}) bond(asserter, standing_->uuid, before);
  if (standing_ && part.role == Role::observable && displaced(standing_->observable))
    bond(asserter, standing_->uuid, standing_->observable);
  if (standing_ && part.role == Role::relationship && displaced(standing_->relationship))
    bond(asserter, standing_->uuid, standing_->relationship);
  for (auto const& end : part.ends) bond(asserter, end, version);
  if (part.role == Role::indicator)
    keep_.start().bind(asserter).bind(kind).bind_blob(value).bind_blob(core::view(part.indicator)).bind(version).run();
  if (part.role == Role::observable)
    keep_observable_.start().bind(version).bind(asserter).bind(kind).bind_blob(value).run();
  if (part.role == Role::relationship)
    keep_relationship_.start().bind(version).bind(asserter).bind(kind).bind_blob(value).run();
}

void Claims::keep_link(RowId asserter, ClaimKey const& link, RowId kind, core::Uuid const& uuid, RowId version) {
  keep_.start()
      .bind(asserter)
      .bind(kind)
      .bind_blob(core::view(link.value))
      .bind_blob(core::view(uuid))
      .bind(version)
      .run();
}

void Claims::follow(RowId version, RowId next) { follow_.start().bind(next).bind(version).run(); }

void Claims::forget(RowId version) {
  for (Statement* statement : {&forget_, &forget_observable_, &forget_relationship_, &forget_bond_})
    statement->start().bind(version).run();
}

void Claims::forget_bonds(RowId asserter, core::Uuid const& uuid) {
  forget_bonds_.start().bind(asserter).bind_blob(core::view(uuid)).run();
}

void Claims::add_parts(RowId version, std::vector<RowId>& out) {
  for (parts_.start().bind(version); parts_.step();)
    for (int column : {2, 3})
      if (auto const part = parts_.optional_integer(column)) out.push_back(*part);
  parts_.reset();
}

void Claims::add_bonds(RowId asserter, core::Uuid const& uuid, std::vector<RowId>& out) {
  for (bonds_.start().bind(asserter).bind_blob(core::view(uuid)); bonds_.step();) out.push_back(bonds_.integer(0));
  bonds_.reset();
}

bool Claims::is_part_of_another(RowId version, core::Uuid const& indicator) {
  bool const out = other_.start().bind(version).bind_blob(core::view(indicator)).step();
  other_.reset();
  return out;
}

void Claims::release(RowId version) {
  for (parts_.start().bind(version); parts_.step();) {
    auto const uuid = core::to_array<16>(parts_.text(1)).value();
    for (int column : {2, 3}) bond(parts_.integer(0), uuid, parts_.optional_integer(column));
  }
  parts_.reset();
  forget_.start().bind(version).run();
}

void Claims::bond(RowId asserter, core::Uuid const& uuid, std::optional<RowId> version) {
  if (version) bond_.start().bind(asserter).bind_blob(core::view(uuid)).bind(*version).run();
}

ClaimReads::ClaimReads(Connection& connection, ChainIndex const& chains)
    : connection_(connection),
      chains_(chains),
      begin_(connection.prepare("BEGIN")),
      end_(connection.prepare("COMMIT")),
      touch_(connection.prepare("SELECT next_sequence FROM counters")),
      name_(connection.prepare("SELECT name FROM names WHERE text = ?")),
      find_(connection.prepare("SELECT indicator, observable, relationship FROM claims "
                               "WHERE asserter = ? AND kind = ? AND value = ?")),
      bytes_(connection.prepare("SELECT bytes FROM versions WHERE version = ?")),
      chain_(connection.prepare("SELECT version FROM chains WHERE uuid = ? AND type = ? AND asserter = ?")) {}

core::Result<std::vector<StoredClaim>> ClaimReads::claims(RowId asserter, std::span<ClaimQuestion const> questions) {
  try {
    std::vector<StoredClaim> out;
    // While ids are looked up in memory, commits wait: never for long.
    constexpr std::size_t kTogether = 256;
    for (; !questions.empty(); questions = questions.subspan(std::min(kTogether, questions.size())))
      answer(asserter, questions.first(std::min(kTogether, questions.size())), out);
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

void ClaimReads::answer(RowId asserter, std::span<ClaimQuestion const> questions, std::vector<StoredClaim>& out) {
  std::vector<std::optional<ChainIndex::Id>> namesakes;
  std::vector<ChainIndex::Id> ids;
  for (auto const& question : questions) {
    auto const type = question.namesake ? name_row(question.namesake->first) : std::nullopt;
    namesakes.push_back(type ? std::optional(ChainIndex::Id{question.namesake->second, *type}) : std::nullopt);
    if (type) ids.push_back(*namesakes.back());
  }
  std::optional<Reading> reading;
  auto const entries = chains_.in_memory(ids, [&] {
    begin_.start().run();
    reading.emplace(connection_, end_);
    (void)touch_.start().step();  // the first read is what fixes the snapshot
    touch_.reset();
  });
  std::map<ChainIndex::Id, RowId> recent;
  for (auto const& entry : entries)
    if (entry.key.asserter == asserter) recent.emplace(entry.key.id, entry.at.version);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    out.push_back(stored(asserter, questions[i].key));
    if (!namesakes[i]) continue;
    auto const found = recent.find(*namesakes[i]);
    out.back().namesake = bytes_of(found != recent.end() ? found->second : version_of(asserter, *namesakes[i]));
  }
}

std::optional<RowId> ClaimReads::name_row(std::string const& text) {
  std::optional<RowId> row;
  if (name_.start().bind_text(text).step()) row = name_.integer(0);
  name_.reset();
  return row;
}

std::string ClaimReads::bytes_of(std::optional<RowId> version) {
  std::string out;
  if (version && bytes_.start().bind(*version).step()) out = bytes_.text(0);
  bytes_.reset();
  return out;
}

StoredClaim ClaimReads::stored(RowId asserter, ClaimKey const& key) {
  auto const kind = name_row(key.kind);
  if (!kind) return {};
  std::optional<RowId> indicator, observable, relationship;
  if (find_.start().bind(asserter).bind(*kind).bind_blob(core::view(key.value)).step()) {
    indicator = find_.optional_integer(0);
    observable = find_.optional_integer(1);
    relationship = find_.optional_integer(2);
  }
  find_.reset();
  return {bytes_of(indicator), bytes_of(observable), bytes_of(relationship), {}};
}

// Of an object without versions there is one.
std::optional<RowId> ClaimReads::version_of(RowId asserter, ChainIndex::Id const& id) {
  std::optional<RowId> version;
  if (chain_.start().bind_blob(core::view(id.uuid)).bind(id.type).bind(asserter).step()) version = chain_.integer(0);
  chain_.reset();
  return version;
}

}  // namespace tocsin::store::sqlite
