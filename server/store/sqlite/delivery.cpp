// Storing what other instances logged: the part of Commits that takes it and moves their cursors, together.
#include <algorithm>
#include <set>
#include <utility>

#include "server/store/sqlite/commits.hpp"
#include "server/store/sqlite/origin_numberings.hpp"

namespace tocsin::store::sqlite {
namespace {

std::unexpected<core::Error> not_there() {
  return core::fail(core::Code::conflict,
                    "The cursor of the origin is not where these entries begin, its log was not verified through their "
                    "end, or it shows something else since.",
                    "", "Read the cursor, and go on from there.");
}

// Its origin logged these entries, and only these were considered.
bool is_sound(Delivery const& delivery) {
  auto const& [origin, from, to, terms, refused] = delivery.applied;
  auto const within = [&](std::uint64_t index) { return index >= from && index < to; };
  return std::ranges::all_of(delivery.objects,
                             [&](ForeignObject const& object) {
                               auto const& entry = object.candidate.foreign;
                               return entry && entry->origin == origin && within(entry->index);
                             }) &&
         std::ranges::all_of(refused, [&](RefusedEntry const& entry) { return within(entry.index); }) &&
         std::ranges::all_of(delivery.numbered, [&](NumberedEntry const& entry) { return within(entry.index); });
}

}  // namespace

core::Result<CommitOutcome> Commits::deliver(Delivery const& delivery, CommitRules const& rules, std::int64_t now_us) {
  if (!is_sound(delivery)) return not_there();
  try {
    load();
    CommitOutcome outcome;
    publications_.begin(now_us);
    now_us_ = now_us;
    Transaction transaction(connection_);
    if (auto moved = advance(delivery.applied); !moved) return std::unexpected(moved.error());
    auto& fates = outcome.fates.emplace_back();
    for (ForeignObject const& object : delivery.objects) fates.push_back(take(object, rules, outcome));
    keep_refusals(delivery, fates, now_us);
    OriginNumberings(connection_, delivery.applied.origin).follow(delivery, now_us);
    audit_.note(delivery, fates);
    finish(transaction, rules, outcome);
    return outcome;
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

// The terms are those of the whole reading, which began at 0.
core::Result<void> Commits::advance(Applied const& applied) {
  auto const from = static_cast<std::int64_t>(applied.from), to = static_cast<std::int64_t>(applied.to);
  if (from == 0)
    connection_.prepare("UPDATE origins SET terms = ? WHERE origin = ?")
        .start()
        .bind_blob(core::view(applied.terms))
        .bind(applied.origin)
        .run();
  connection_
      .prepare(
          "UPDATE origin_logs SET applied = ?1 WHERE origin = ?2 AND log = 0 AND applied = ?3 "
          "AND ?1 BETWEEN applied AND size AND (SELECT terms FROM origins WHERE origin = ?2) = ?4")
      .start()
      .bind(to)
      .bind(applied.origin)
      .bind(from)
      .bind_blob(core::view(applied.terms))
      .run();
  if (connection_.changes() == 1) return {};
  return not_there();
}

// Where an entry is to be published when it comes: nowhere as long as its origin recalls it.
std::vector<RowId> Commits::places_of(ForeignObject const& object) {
  auto const& entry = *object.candidate.foreign;
  if (recalls_.state(entry.origin, entry.index) != Recalls::State::shown) return {};
  return object.collections;
}

Fate Commits::take(ForeignObject const& object, CommitRules const& rules, CommitOutcome& outcome) {
  auto const& entry = *object.candidate.foreign;
  auto const state = recalls_.state(entry.origin, entry.index);
  auto const stored = known(entry);
  if (state == Recalls::State::erased && !stored)
    return {.error = {core::Code::conflict, "Its origin said that the entry is erased.", "", ""}};
  if (!stored && is_too_long(object.candidate))
    return {.error = {core::Code::version_conflict, "The object has as many versions as are taken of one.", "", ""}};
  auto const places = places_of(object);
  Fate const fate = stored ? show_again(*stored, places, outcome) : settle(places, object.candidate, rules, outcome);
  if (state != Recalls::State::suppressed || fate.kind == Verdict::Kind::refuse) return fate;
  for (RowId const collection : object.collections)  // a restore publishes it there
    if (!was_published(fate.version, collection)) recalls_.hold(fate.version, collection);
  return fate;
}

bool Commits::is_too_long(Candidate const& candidate) {
  if (candidate.revoked) return false;
  auto const type = find_name(candidate.type);
  return type && chains_.reaches({candidate.uuid, *type}, candidate.asserter, kMostForeignVersions);
}

// A later version with another class took the place of all that was published of the chain before it.
Fate Commits::show_again(Known const& known, std::vector<RowId> const& collections, CommitOutcome& outcome) {
  Fate fate{.kind = Verdict::Kind::unchanged, .version = known.version.version, .error = {}, .there = true};
  if (known.erased) return fate;
  auto const& version = known.version;
  auto const newest = chains_.newest({known.uuid, version.type}, version.asserter);
  fate.released_since = newest && newest->at.class_row != version.class_row;
  if (fate.released_since) return fate;
  Candidate place;
  place.asserter = version.asserter;
  place.uuid = known.uuid;
  place.modified_ns = known.modified_ns;
  place.foreign = Candidate::Foreign{};
  fate.there = !show(collections, version, place, true, outcome);
  return fate;
}

std::optional<Commits::Known> Commits::known(Candidate::Foreign const& entry) {
  std::optional<Known> out;
  if (known_.start().bind(entry.origin).bind(static_cast<std::int64_t>(entry.index)).step())
    out = Known{{0, known_.integer(0), known_.integer(1), known_.integer(2), known_.integer(3), known_.integer(4)},
                core::to_array<16>(known_.text(5)).value(),
                known_.integer(6),
                known_.integer(7) != 0};
  known_.reset();
  return out;
}

bool Commits::was_published(RowId version, RowId collection) {
  bool const was = was_published_.start().bind(version).bind(collection).step();
  was_published_.reset();
  return was;
}

// What its origin shows to other readers from now on takes the place of all that was published of it: whoever is new
// cannot tell that there were others.
void Commits::end_chain(Candidate const& candidate, RowId type, CommitOutcome& outcome) {
  publications_.finish(outcome);  // the latest one of this transaction may be of this chain
  ChainIndex::Id const id{candidate.uuid, type};
  for (RowId collection : collections_of(chains_.chain(id, candidate.asserter)))
    publications_.end({collection, candidate.asserter, id}, Withdrawal(), {}, outcome);
}

// Those of the entries that are considered now: what was refused when they were read before is judged anew.
void Commits::keep_refusals(Delivery const& delivery, std::span<Fate const> fates, std::int64_t now_us) {
  auto const& applied = delivery.applied;
  connection_.prepare("DELETE FROM origin_refusals WHERE origin = ? AND position >= ? AND position < ?")
      .start()
      .bind(applied.origin)
      .bind(static_cast<std::int64_t>(applied.from))
      .bind(static_cast<std::int64_t>(applied.to))
      .run();
  Statement insert = connection_.prepare("INSERT OR REPLACE INTO origin_refusals VALUES (?, ?, ?, ?)");
  auto const keep = [&](std::uint64_t index, std::string_view code) {
    insert.start().bind(applied.origin).bind(static_cast<std::int64_t>(index)).bind_text(code).bind(now_us).run();
  };
  for (auto const& [index, code] : applied.refused) keep(index, code);
  for (std::size_t i = 0; i < fates.size(); ++i)
    if (fates[i].kind == Verdict::Kind::refuse)
      keep(delivery.objects[i].candidate.foreign->index, core::row(fates[i].error.code).code);
}

}  // namespace tocsin::store::sqlite
