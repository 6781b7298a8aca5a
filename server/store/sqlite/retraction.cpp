// Ending what an indicator was stored with: the part of Commits that takes back what should not have been shared.
#include <set>
#include <utility>

#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {

core::Result<Retracted> Commits::retract(std::span<Retraction const> retractions) {
  try {
    load();
    Transaction transaction(connection_);
    Retracted out;
    std::set<RowId> collections;
    for (auto const& retraction : retractions) {
      auto const ended = end_all(retraction);
      out.touched_sequences.insert(out.touched_sequences.end(), ended.touched_sequences.begin(),
                                   ended.touched_sequences.end());
      collections.insert(ended.collections.begin(), ended.collections.end());
    }
    out.collections.assign(collections.begin(), collections.end());
    transaction.commit();
    return out;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

Retracted Commits::end_all(Retraction const& retraction) {
  CommitOutcome outcome;
  std::set<RowId> collections;
  for (auto const& [name, uuid] : retraction.objects) {
    auto const type = find_name(name);
    if (!type) continue;
    ChainIndex::Id const id{uuid, *type};
    auto const chain = chains_.chain(id, retraction.asserter);
    for (auto const& entry : chain) recalls_.forget(entry.at.version);  // what was recalled too does not come back
    for (RowId collection : collections_of(chain)) {
      auto const before = outcome.touched_sequences.size();
      publications_.end({collection, retraction.asserter, id}, Withdrawal(), {}, outcome);  // all of them
      if (outcome.touched_sequences.size() > before) collections.insert(collection);
    }
    if (name != "indicator" || uuid != retraction.indicator) continue;
    for (auto const& entry : chain) claims_.release(entry.at.version);
    waiting_.forget(retraction.asserter, name, uuid);  // what should not have been shared is published by no analyst
  }
  Retracted out{std::move(outcome.touched_sequences), {collections.begin(), collections.end()}};
  audit_.note(retraction, out);
  return out;
}

}  // namespace tocsin::store::sqlite
