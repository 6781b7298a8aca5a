#include "server/store/sqlite/waiting.hpp"

#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "server/store/sqlite/retention.hpp"
#include "server/store/sqlite/waiting_facts.hpp"

namespace tocsin::store::sqlite {
namespace {

using State = WaitingEntry::State;

Fate waits(RowId row, bool there) {
  return {.kind = Verdict::Kind::waits, .version = 0, .error = {}, .there = there, .waiting = row};
}

core::Error too_many() {
  return {core::Code::conflict,
          "As many objects of your organisation wait for an analyst of this instance as may, " +
              std::to_string(kMostWaitingObjects) + ".",
          "", "Send this one when some of them were published: `tocsin waiting list` shows them."};
}

core::Error other_content() {
  return {core::Code::version_conflict, "This version waits for an analyst already, with other content.", "/modified",
          "A changed object needs a later `modified`; or withdraw what waits: `tocsin waiting list`."};
}

// Under what something that is said again is found: a claim, or a link of one that is stored already.
ClaimKey const* key_of(Candidate const& candidate) {
  if (!candidate.claim) return nullptr;
  if (candidate.claim->role == ClaimPart::Role::indicator) return &candidate.claim->key;
  return candidate.claim->link ? &*candidate.claim->link : nullptr;
}

}  // namespace

WaitingTable::WaitingTable(Connection& connection, Audit& audit) : connection_(connection), audit_(audit) {}

core::Result<void> WaitingTable::refuse(core::Uuid const& id, std::string const& because, std::int64_t now_us) {
  return end(id, {std::nullopt, State::refused, because, now_us}, "moderation.refuse");
}

core::Result<void> WaitingTable::withdraw(core::Uuid const& id, RowId organisation, std::int64_t now_us) {
  return end(id, {organisation, State::withdrawn, "", now_us}, "waiting.withdraw");
}

core::Result<void> WaitingTable::end(core::Uuid const& id, Ended const& how, std::string_view action) {
  try {
    Transaction transaction(connection_);
    Statement change = connection_.prepare(
        "UPDATE waiting SET state = ?, ended = ?, because = ?, claim_kind = '', claim_value = NULL WHERE id = ? AND "
        "state = 0 AND organisation = coalesce(?, organisation) RETURNING waiting, organisation");
    change.start().bind(static_cast<std::int64_t>(how.state)).bind(how.now_us).bind_text(how.because);
    if (!change.bind_blob(core::view(id)).bind(how.organisation).step())
      return core::fail(core::Code::not_found, "Nothing with this id waits.");
    RowId const row = change.integer(0), organisation = change.integer(1);
    change.run();
    drop_objects(row);
    audit_.note(action, {{"organisation", audit_.organisation_name(organisation)}, {"waiting", core::to_text(id)}});
    transaction.commit();
    counts_.erase(organisation);
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

Fate WaitingTable::keep(RowId collection, Candidate const& candidate, std::int64_t now_us) {
  if (auto const* key = key_of(candidate)) {
    if (auto const row = same_claim(collection, candidate.asserter, *key)) {
      replace(*row, candidate);
      return waits(*row, true);
    }
  } else if (auto same = same_version(collection, candidate)) {
    return *std::move(same);
  }
  auto& count = count_of(candidate.asserter);
  if (count >= kMostWaitingObjects) return {.error = too_many()};
  ++count;
  return waits(insert(collection, candidate, now_us), false);
}

std::optional<Fate> WaitingTable::keep_beside(RowId collection, Candidate const& candidate) {
  Statement look = connection_.prepare(
      "SELECT waiting, objects FROM waiting WHERE uuid = ? AND organisation = ? AND collection = ? AND modified = ? "
      "AND state = 0");
  look.start().bind_blob(core::view(candidate.claim->indicator)).bind(candidate.asserter).bind(collection);
  look.bind(candidate.claim->modified_ns);
  if (!look.step()) return std::nullopt;
  RowId const row = look.integer(0);
  std::int64_t const position = look.integer(1);
  look.reset();
  auto& count = count_of(candidate.asserter);
  if (count >= kMostWaitingObjects) return Fate{.error = too_many()};
  ++count;
  insert_object(row, position, candidate);
  Statement grow = connection_.prepare("UPDATE waiting SET objects = objects + 1, id = ? WHERE waiting = ?");
  grow.start().bind_blob(core::view(core::random_uuid())).bind(row).run();
  return waits(row, false);
}

bool WaitingTable::publish(Candidate const& first, RowId version, std::int64_t now_us) {
  RowId const row = *first.waiting;
  Statement change = connection_.prepare(
      "UPDATE waiting SET state = 1, ended = ?2, published = ?3, claim_kind = '', claim_value = NULL WHERE waiting = "
      "?1 "
      "AND state = 0 AND (SELECT digest FROM waiting_objects o WHERE o.waiting = ?1 AND o.position = 0) = ?4 "
      "RETURNING organisation");
  if (!change.start().bind(row).bind(now_us).bind(version).bind_blob(core::view(first.digest)).step()) return false;
  counts_.erase(change.integer(0));
  change.run();
  drop_objects(row);
  return true;
}

std::size_t WaitingTable::forget(RowId organisation, std::string_view type, core::Uuid const& uuid) {
  Statement take = connection_.prepare(
      "DELETE FROM waiting_objects WHERE type = ? AND uuid = ? AND waiting IN (SELECT waiting FROM waiting WHERE "
      "organisation = ?)");
  take.start().bind_text(type).bind_blob(core::view(uuid)).bind(organisation).run();
  auto const objects = static_cast<std::size_t>(connection_.changes());
  for (char const* sql : {"DELETE FROM retention WHERE version IN (SELECT -waiting FROM waiting WHERE type = ? "
                          "AND uuid = ? AND organisation = ?)",
                          "DELETE FROM waiting_objects WHERE waiting IN (SELECT waiting FROM waiting WHERE type = ? "
                          "AND uuid = ? AND organisation = ?)",
                          "DELETE FROM waiting WHERE type = ? AND uuid = ? AND organisation = ?"})
    connection_.prepare(sql).start().bind_text(type).bind_blob(core::view(uuid)).bind(organisation).run();
  counts_.erase(organisation);
  return objects;
}

void WaitingTable::forget_ended(RowId organisation, core::Uuid const& uuid) {
  connection_.prepare("DELETE FROM waiting WHERE uuid = ? AND organisation = ? AND state <> 0")
      .start()
      .bind_blob(core::view(uuid))
      .bind(organisation)
      .run();
}

std::vector<core::Uuid> WaitingTable::destroy(RowId row) {
  std::vector<core::Uuid> out;
  Statement objects = connection_.prepare("SELECT uuid FROM waiting_objects WHERE waiting = ?");
  for (objects.start().bind(row); objects.step();) out.push_back(core::to_array<16>(objects.text(0)).value());
  objects.reset();
  drop_objects(row);
  connection_.prepare("DELETE FROM waiting WHERE waiting = ?").start().bind(row).run();
  counts_.clear();
  return out;
}

std::optional<RowId> WaitingTable::same_claim(RowId collection, RowId organisation, ClaimKey const& key) {
  Statement look = connection_.prepare(
      "SELECT waiting FROM waiting WHERE organisation = ? AND claim_kind = ? AND claim_value = ? AND collection = ? "
      "AND state = 0");
  look.start().bind(organisation).bind_text(key.kind).bind_blob(core::view(key.value)).bind(collection);
  return look.step() ? std::optional(look.integer(0)) : std::nullopt;
}

std::optional<Fate> WaitingTable::same_version(RowId collection, Candidate const& candidate) {
  Statement look = connection_.prepare(
      "SELECT o.waiting, o.digest FROM waiting_objects o JOIN waiting w ON w.waiting = o.waiting WHERE o.uuid = ? "
      "AND o.type = ? AND w.organisation = ? AND w.collection = ? AND w.modified = ? AND o.position = 0");
  look.start().bind_blob(core::view(candidate.uuid)).bind_text(candidate.type).bind(candidate.asserter);
  if (!look.bind(collection).bind(candidate.modified_ns).step()) return std::nullopt;
  if (look.text(1) != core::view(candidate.digest)) return Fate{.error = other_content()};
  return waits(look.integer(0), true);
}

RowId WaitingTable::insert(RowId collection, Candidate const& candidate, std::int64_t now_us) {
  core::Uuid const id = core::random_uuid();
  Statement add = connection_.prepare(
      "INSERT INTO waiting (id, organisation, collection, type, uuid, modified, version, kind, class_key, "
      "claim_kind, claim_value, received, objects) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)");
  add.start().bind_blob(core::view(id)).bind(candidate.asserter).bind(collection);
  add.bind_text(candidate.type).bind_blob(core::view(candidate.uuid)).bind(candidate.modified_ns);
  add.bind_text(candidate.version_text).bind_text(candidate.kind).bind_text(candidate.class_key);
  if (auto const* key = key_of(candidate))
    add.bind_text(key->kind).bind_blob(core::view(key->value));
  else
    add.bind_text("").bind_null();
  add.bind(now_us).run();
  RowId const row = connection_.last_insert();
  insert_object(row, 0, candidate);
  return row;
}

// It keeps its place in the queue, for who says something again does not wait anew; and not its id, for what an analyst
// has read under that is what she publishes.
void WaitingTable::replace(RowId row, Candidate const& candidate) {
  drop_objects(row);
  Statement change = connection_.prepare(
      "UPDATE waiting SET id = ?, type = ?, uuid = ?, modified = ?, version = ?, kind = ?, class_key = ?, "
      "objects = 1 WHERE waiting = ?");
  core::Uuid const id = core::random_uuid();
  change.start().bind_blob(core::view(id)).bind_text(candidate.type);
  change.bind_blob(core::view(candidate.uuid)).bind(candidate.modified_ns).bind_text(candidate.version_text);
  change.bind_text(candidate.kind).bind_text(candidate.class_key).bind(row).run();
  counts_.erase(candidate.asserter);
  insert_object(row, 0, candidate);
}

void WaitingTable::insert_object(RowId row, std::int64_t position, Candidate const& candidate) {
  std::string const facts = facts_of(candidate);
  Statement add = connection_.prepare("INSERT INTO waiting_objects VALUES (?, ?, ?, ?, ?, ?, ?)");
  add.start().bind(row).bind(position).bind_text(candidate.type).bind_blob(core::view(candidate.uuid));
  add.bind_blob(core::view(candidate.digest)).bind_text(facts).bind_blob(candidate.bytes).run();
  if (!candidate.searchable || !candidate.searchable->share_until_us) return;
  Statement due = connection_.prepare("INSERT OR IGNORE INTO retention VALUES (?, ?, ?)");
  due.start().bind(Retention::kShareUntil).bind(*candidate.searchable->share_until_us).bind(-row).run();
}

void WaitingTable::drop_objects(RowId row) {
  connection_.prepare("DELETE FROM waiting_objects WHERE waiting = ?").start().bind(row).run();
  connection_.prepare("DELETE FROM retention WHERE version = ?").start().bind(-row).run();
}

std::int64_t& WaitingTable::count_of(RowId organisation) {
  if (auto found = counts_.find(organisation); found != counts_.end()) return found->second;
  Statement count =
      connection_.prepare("SELECT coalesce(sum(objects), 0) FROM waiting WHERE organisation = ? AND state = 0");
  if (!count.start().bind(organisation).step()) throw SqliteError(0, 0, "a sum without a row");
  return counts_.emplace(organisation, count.integer(0)).first->second;
}

}  // namespace tocsin::store::sqlite
