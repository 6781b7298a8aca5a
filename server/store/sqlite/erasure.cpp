// Destroying content: the part of Commits that is used rarely and forgets for good.
#include <algorithm>
#include <set>
#include <utility>

#include "schema/stix/identifier.hpp"
#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {

core::Result<Erased> Commits::erase(Erasure const& erasure, EntryFor const& entry_for) {
  try {
    load();
    auto type = find_name(erasure.type);
    if (!type) return Erased();  // what waits has its name here too
    Transaction transaction(connection_);
    Erasing erasing;
    ChainIndex::Id const id{erasure.uuid, *type};
    erase_chain(erasure.asserter, id, erasing);
    erase_waiting(erasure.asserter, erasure.type, id, erasing);
    auto erased = finish(erasing, entry_for);
    if (!erased) {
      forget();
      return erased;
    }
    if (erased->versions > 0) audit_.note(erasure, *erased);
    transaction.commit();
    chains_.committed();
    return erased;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

// All versions, wherever they are published, and whatever finds them.
void Commits::erase_chain(RowId asserter, ChainIndex::Id const& id, Erasing& erasing) {
  auto const chain = chains_.chain(id, asserter);
  if (chain.empty()) return;
  for (RowId collection : collections_of(chain)) {
    erasing.erased.collections.push_back(collection);
    publications_.end({collection, asserter, id}, Withdrawal(), {}, erasing.outcome);  // all of them
  }
  for (auto const& entry : chain) {
    overwrite(entry.at.version, erasing.erased.leaves);
    forget_version(entry.at.version);
    chains_.remove(entry.key);
  }
  claims_.forget_bonds(asserter, id.uuid);
  recalls_.forget_object(asserter, id.type, id.uuid);
  forget_mutes(id, asserter);
  erasing.erased.versions += chain.size();
  erasing.objects.insert(id.uuid);
}

void Commits::forget_version(RowId version) {
  claims_.forget(version);
  campaigns_.forget(version);
  responses_.forget(version);
  indicators_.forget(version);
  retention_.forget(version);
  recalls_.forget(version);
}

void Commits::erase_waiting(RowId asserter, std::string const& type, ChainIndex::Id const& id, Erasing& erasing) {
  auto const waited = waiting_.forget(asserter, type, id.uuid);
  if (waited == 0) return;
  forget_mutes(id, asserter);
  erasing.erased.versions += waited;
  erasing.objects.insert(id.uuid);
}

void Commits::forget_mutes(ChainIndex::Id const& id, RowId asserter) {
  // Whoever published under the id of another unmutes nobody's mute of it by an erasure of her own.
  auto const is_another = [&](RowId other) { return other != asserter; };
  if (std::ranges::any_of(chains_.asserters(id), is_another)) return;
  Statement type = connection_.prepare("SELECT text FROM names WHERE name = ?");
  if (!type.start().bind(id.type).step()) return;
  std::string const text = stix::Identifier::make(type.text(0), id.uuid).text();
  connection_.prepare("DELETE FROM mutes WHERE subject = ?").start().bind_blob(text).run();
}

// What concerns all chains together: kept answers are looked through once, and one entry names all leaves.
core::Result<Erased> Commits::finish(Erasing& erasing, EntryFor const& entry_for) {
  Erased& erased = erasing.erased;
  if (!erasing.objects.empty()) answers_.forget(erasing.objects);
  std::ranges::sort(erased.leaves);
  std::ranges::sort(erased.collections);
  erased.collections.erase(std::ranges::unique(erased.collections).begin(), erased.collections.end());
  if (!erased.leaves.empty()) {
    auto entry = entry_for(erased.leaves);
    if (!entry) return std::unexpected(entry.error());
    insert_control(*entry);
  }
  erased.touched_sequences = std::move(erasing.outcome.touched_sequences);
  return std::move(erased);
}

std::vector<RowId> Commits::collections_of(std::vector<ChainIndex::Entry> const& chain) {
  std::set<RowId> collections;
  Statement look = connection_.prepare("SELECT DISTINCT collection FROM publications WHERE version = ?");
  for (auto const& entry : chain)
    for (look.start().bind(entry.at.version); look.step();) collections.insert(look.integer(0));
  return {collections.begin(), collections.end()};
}

// The row stays: that something was stored, when, by whom and in which class is what the log and its numbers tell
// anyway. By the row of what another instance logged it is known, and not taken again; its leaf is in that log.
void Commits::overwrite(RowId version, std::vector<std::uint64_t>& leaves) {
  Statement change = connection_.prepare(
      "UPDATE versions SET uuid = randomblob(16), created = NULL, creator = NULL, value_key = NULL, digest = x'', "
      "header = NULL, header_salt = NULL, body_salt = NULL, bytes = x'' WHERE version = ? "
      "RETURNING CASE origin WHEN 0 THEN origin_index END");
  change.start().bind(version);
  while (change.step())
    if (auto index = change.optional_integer(0)) leaves.push_back(static_cast<std::uint64_t>(*index));
}

}  // namespace tocsin::store::sqlite
