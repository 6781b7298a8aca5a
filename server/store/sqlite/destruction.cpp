// Destroying what is due: the part of Commits that keeps what was promised of retention.
#include <set>
#include <utility>

#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {

core::Result<Destroyed> Commits::destroy(std::span<RetentionRule const> rules, RetentionBatch const& batch,
                                         EntryFor const& entry_for) {
  try {
    load();
    Transaction transaction(connection_);
    Destroyed out;
    Erasing erasing;
    std::size_t count = 0;
    auto const is_full = [&] {
      return count > 0 && (count >= batch.indicators || std::chrono::steady_clock::now() >= batch.end);
    };
    for (auto const& rule : rules) {
      auto const row = rule.kind.empty() ? Retention::kShareUntil : find_name(rule.kind);
      if (!row) continue;  // nothing of this kind was ever stored
      for (auto due = retention_.due(*row, rule.until_us); due && out.complete;
           due = retention_.due(*row, rule.until_us)) {
        if (is_full()) {
          out.complete = false;
          break;
        }
        if (*due < 0)
          destroy_waiting(*due, erasing);
        else
          destroy_indicator(*due, rule.kind.empty(), erasing);
        ++out.indicators[rule.kind];
        ++count;
      }
    }
    if (count == 0) return out;
    auto erased = finish(erasing, entry_for);
    if (!erased) {
      forget();
      return std::unexpected(erased.error());
    }
    out.erased = *std::move(erased);
    audit_.note(out);
    transaction.commit();
    chains_.committed();
    return out;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

void Commits::destroy_waiting(RowId due, Erasing& erasing) {
  auto const objects = waiting_.destroy(-due);
  erasing.erased.versions += objects.size();
  erasing.objects.insert(objects.begin(), objects.end());
  retention_.forget(due);
}

// `promised`: it was shared until now, and so was a version of it that waits and says nothing of that.
void Commits::destroy_indicator(RowId version, bool promised, Erasing& erasing) {
  Statement whose = connection_.prepare("SELECT asserter FROM versions WHERE version = ?");
  if (!whose.start().bind(version).step()) throw SqliteError(0, 0, "what is due was never stored");
  RowId const asserter = whose.integer(0);
  whose.reset();
  auto const id = id_of(version).value();
  auto const beside = stored_with(asserter, id);
  erase_chain(asserter, id, erasing);
  if (promised) erase_waiting(asserter, "indicator", id, erasing);
  waiting_.forget_ended(asserter, id.uuid);
  for (auto const& other : beside) {
    erase_chain(asserter, other, erasing);
    waiting_.forget_ended(asserter, other.uuid);
  }
  retention_.forget(version);  // whatever became of its chain: it is not found twice
}

// The observables that the short form stored with this indicator and with no other one of the asserter, and the
// relationships that lead from it or to one of them.
std::vector<ChainIndex::Id> Commits::stored_with(RowId asserter, ChainIndex::Id const& indicator) {
  std::vector<RowId> parts;
  for (auto const& entry : chains_.chain(indicator, asserter)) claims_.add_parts(entry.at.version, parts);
  claims_.add_bonds(asserter, indicator.uuid, parts);
  auto const relationship = find_name("relationship");
  std::set<ChainIndex::Id> out;
  for (std::size_t i = 0; i < parts.size(); ++i) {  // which grows meanwhile
    auto const part = parts[i];
    auto const id = id_of(part);
    if (!id || out.contains(*id)) continue;
    bool const leads = id->type == relationship;
    if (!leads && claims_.is_part_of_another(part, indicator.uuid)) continue;
    out.insert(*id);
    if (!leads) claims_.add_bonds(asserter, id->uuid, parts);
  }
  return {out.begin(), out.end()};
}

// An erased version has an id that is nobody's: no chain is found under it.
std::optional<ChainIndex::Id> Commits::id_of(RowId version) {
  std::optional<ChainIndex::Id> out;
  Statement look = connection_.prepare("SELECT uuid, type FROM versions WHERE version = ?");
  if (look.start().bind(version).step())
    out = ChainIndex::Id{core::to_array<16>(look.text(0)).value(), look.integer(1)};
  return out;
}

}  // namespace tocsin::store::sqlite
