#include "server/store/sqlite/retractions.hpp"

#include <algorithm>
#include <set>

#include "server/store/sqlite/publications.hpp"
#include "server/store/sqlite/snapshot.hpp"

namespace tocsin::store::sqlite {

RetractionReads::RetractionReads(Connection& connection, ChainIndex const& chains)
    : connection_(connection),
      chains_(chains),
      begin_(connection.prepare("BEGIN")),
      end_(connection.prepare("COMMIT")),
      touch_(connection.prepare("SELECT next_sequence FROM counters")),
      chain_(connection.prepare("SELECT asserter, modified, version, class FROM chains WHERE uuid = ? AND type = ?")),
      type_(connection.prepare("SELECT name FROM names WHERE text = ?")),
      claim_(connection.prepare("SELECT observable, relationship FROM claims WHERE indicator = ?")),
      bonds_(connection.prepare("SELECT version FROM bonds WHERE asserter = ? AND uuid = ? ORDER BY version LIMIT ?")),
      id_(connection.prepare("SELECT uuid, type FROM versions WHERE version = ?")),
      version_(connection.prepare("SELECT t.text, k.text, v.revoked, v.bytes FROM versions v "
                                  "JOIN names t ON t.name = v.type JOIN names k ON k.name = v.kind "
                                  "WHERE v.version = ?")),
      publications_(connection.prepare("SELECT collection, sequence, date_added, place, class FROM publications "
                                       "WHERE version = ?")) {}

core::Result<std::vector<Retractable>> RetractionReads::retractable(std::optional<RowId> asserter,
                                                                    core::Uuid const& indicator) {
  try {
    std::vector<Retractable> out;
    auto const type = type_row("indicator");
    if (!type) return out;
    ChainIndex::Id const id{indicator, *type};
    for (auto const& [whose, versions] : chains_of({id})) {
      if (asserter && whose.first != *asserter) continue;
      auto& one = out.emplace_back();
      one.asserter = whose.first;
      one.indicator = object(id, versions);
      load(one, versions.rbegin()->second.version);
    }
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

core::Result<std::optional<StoredObject>> RetractionReads::stored(RowId asserter, std::string const& type,
                                                                  core::Uuid const& uuid) {
  try {
    std::optional<StoredObject> out;
    auto const row = type_row(type);
    if (!row) return out;
    ChainIndex::Id const id{uuid, *row};
    auto const chains = chains_of({id});
    if (auto const found = chains.find({asserter, id}); found != chains.end()) out = object(id, found->second);
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

std::optional<RowId> RetractionReads::type_row(std::string const& type) {
  std::optional<RowId> out;
  if (type_.start().bind_text(type).step()) out = type_.integer(0);
  type_.reset();
  return out;
}

// As they were at one moment, in the table and in memory.
RetractionReads::Chains RetractionReads::chains_of(std::vector<ChainIndex::Id> const& ids) {
  Chains out;
  std::optional<Snapshot> snapshot;
  auto const recent = chains_.in_memory(ids, [&] {
    snapshot.emplace(connection_, begin_, end_);
    (void)touch_.start().step();  // the first read is what fixes the snapshot
    touch_.reset();
  });
  for (auto const& [key, at] : recent) out[{key.asserter, key.id}].emplace(key.modified_ns, at);
  for (auto const& id : ids) {
    chain_.start().bind_blob(core::view(id.uuid)).bind(id.type);
    while (chain_.step())
      out[{chain_.integer(0), id}].emplace(chain_.integer(1), ChainIndex::Place{chain_.integer(2), chain_.integer(3)});
    chain_.reset();
  }
  return out;
}

void RetractionReads::load(Retractable& of, RowId newest) {
  auto const ids = companions(of, newest);
  for (auto const& [whose, versions] : chains_of(ids)) {
    if (whose.first != of.asserter) continue;
    auto found = object(whose.second, versions);
    (found.type == "relationship" ? of.relationships : of.observables).push_back(std::move(found));
  }
}

// What was stored with the indicator, and the relationships to its observables.
std::vector<ChainIndex::Id> RetractionReads::companions(Retractable& of, RowId newest) {
  std::vector<RowId> versions;
  if (claim_.start().bind(newest).step()) {
    of.claimed = true;
    for (int column : {0, 1})
      if (auto const part = claim_.optional_integer(column)) versions.push_back(*part);
  }
  claim_.reset();
  find_bonds(of.asserter, of.indicator.uuid, of, versions);
  std::set<ChainIndex::Id> ids;
  auto const relationship = type_row("relationship");
  for (std::size_t i = 0; i < versions.size(); ++i) {  // which grows meanwhile
    auto const id = id_of(versions[i]);
    if (id && ids.insert(*id).second && id->type != relationship) find_bonds(of.asserter, id->uuid, of, versions);
  }
  return {ids.begin(), ids.end()};
}

void RetractionReads::find_bonds(RowId asserter, core::Uuid const& uuid, Retractable& of, std::vector<RowId>& out) {
  bonds_.start().bind(asserter).bind_blob(core::view(uuid)).bind(static_cast<std::int64_t>(kMostRetracted + 1));
  while (bonds_.step()) out.push_back(bonds_.integer(0));
  bonds_.reset();
  if (out.size() <= kMostRetracted) return;
  of.complete = false;
  out.resize(kMostRetracted);
}

StoredObject RetractionReads::object(ChainIndex::Id const& id, Versions const& versions) {
  StoredObject out;
  out.uuid = id.uuid;
  out.version = versions.rbegin()->second.version;
  out.class_row = versions.rbegin()->second.class_row;
  if (!version_.start().bind(out.version).step()) throw SqliteError(0, 0, "a chain without its version");
  out.type = version_.text(0);
  out.kind = version_.text(1);
  out.revoked = version_.integer(2) != 0;
  out.bytes = version_.text(3);
  version_.reset();
  for (auto const& [modified, at] : versions) {
    publications_.start().bind(at.version);
    while (publications_.step())
      out.publications.push_back({publications_.integer(0), publications_.integer(1), publications_.integer(2),
                                  (publications_.integer(3) & kEnded) != 0, publications_.integer(4)});
    publications_.reset();
  }
  std::ranges::sort(out.publications, {}, &StoredObject::Publication::sequence);
  return out;
}

// An erased version has an id that is nobody's: no chain is found under it.
std::optional<ChainIndex::Id> RetractionReads::id_of(RowId version) {
  std::optional<ChainIndex::Id> out;
  if (id_.start().bind(version).step()) out = ChainIndex::Id{core::to_array<16>(id_.text(0)).value(), id_.integer(1)};
  id_.reset();
  return out;
}

}  // namespace tocsin::store::sqlite
