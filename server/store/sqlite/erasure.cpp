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
    Erased erased;
    ChainIndex::Id id{erasure.uuid, *type};
    auto chain = chains_.chain(id, erasure.asserter);
    erased.versions = chain.size() + waiting_.forget(erasure.asserter, erasure.type, erasure.uuid);
    erased.collections = collections_of(chain);
    CommitOutcome outcome;
    for (RowId collection : erased.collections)
      publications_.end({collection, erasure.asserter, id}, Withdrawal(), {}, outcome);  // all of them
    for (auto const& entry : chain) {
      overwrite(entry.at.version, erased.leaves);
      claims_.forget(entry.at.version);
      campaigns_.forget(entry.at.version);
      responses_.forget(entry.at.version);
      indicators_.forget(entry.at.version);
      chains_.remove(entry.key);
    }
    if (!chain.empty()) claims_.forget_bonds(erasure.asserter, erasure.uuid);
    if (erased.versions > 0) forget_id(id, erasure);
    std::ranges::sort(erased.leaves);
    if (!erased.leaves.empty()) {
      auto entry = entry_for(erased.leaves);
      if (!entry) {
        forget();
        return std::unexpected(entry.error());
      }
      insert_control(*entry);
    }
    if (erased.versions > 0) audit_.note(erasure, erased);
    transaction.commit();
    chains_.committed();
    erased.touched_sequences = std::move(outcome.touched_sequences);
    return erased;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

// Where others than the index name the object.
void Commits::forget_id(ChainIndex::Id const& id, Erasure const& erasure) {
  std::string const text = stix::Identifier::make(erasure.type, erasure.uuid).text();
  answers_.forget(text);
  // Whoever published under the id of another unmutes nobody's mute of it by an erasure of her own.
  auto const is_another = [&](RowId asserter) { return asserter != erasure.asserter; };
  if (std::ranges::any_of(chains_.asserters(id), is_another)) return;
  connection_.prepare("DELETE FROM mutes WHERE subject = ?").start().bind_blob(text).run();
}

std::vector<RowId> Commits::collections_of(std::vector<ChainIndex::Entry> const& chain) {
  std::set<RowId> collections;
  Statement look = connection_.prepare("SELECT DISTINCT collection FROM publications WHERE version = ?");
  for (auto const& entry : chain)
    for (look.start().bind(entry.at.version); look.step();) collections.insert(look.integer(0));
  return {collections.begin(), collections.end()};
}

// The row stays: that something was stored, when, by whom and in which class is what the log and its numbers tell
// anyway.
void Commits::overwrite(RowId version, std::vector<std::uint64_t>& leaves) {
  Statement change = connection_.prepare(
      "UPDATE versions SET uuid = randomblob(16), created = NULL, creator = NULL, value_key = NULL, digest = x'', "
      "header = NULL, header_salt = NULL, body_salt = NULL, bytes = x'' WHERE version = ? RETURNING origin_index");
  change.start().bind(version);
  while (change.step())
    if (auto index = change.optional_integer(0)) leaves.push_back(static_cast<std::uint64_t>(*index));
}

}  // namespace tocsin::store::sqlite
