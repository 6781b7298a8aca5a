#include "server/store/sqlite/audit.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "schema/core/digest.hpp"
#include "schema/log/audit_leaf.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kAuditLog = 2;

// What one credential did to one collection in one transaction.
struct Submitted {
  RowId collection = 0, asserter = 0;
  Actor const* by = nullptr;
  std::int64_t stored = 0, unchanged = 0, refused = 0, waiting = 0;
  std::vector<std::string> complete{}, unfinished{};  // ids of submissions
  nlohmann::json overridden = nlohmann::json::array(), retracted = nlohmann::json::array(),
                 released = nlohmann::json::array();
  std::int64_t published = 0;  // of what waited for an analyst

  void add(CommitPart const& part, std::span<Fate const> fates) {
    std::int64_t no = 0;
    for (Fate const& fate : fates) switch (fate.kind) {
        case Verdict::Kind::store:
          ++stored;
          break;
        case Verdict::Kind::unchanged:
          ++unchanged;
          break;
        case Verdict::Kind::refuse:
          ++no;
          break;
        case Verdict::Kind::waits:
          ++waiting;
      }
    for (Candidate const& candidate : part.candidates) published += candidate.waiting ? 1 : 0;
    // Refusals are counted once, at the end, when the record holds those of all earlier parts and of the door.
    if (part.last) refused += no + static_cast<std::int64_t>(part.record->refused.size());
    (part.last ? complete : unfinished).push_back(core::to_text(part.record->id));
    if (auto const& over = part.record->overriding)
      overridden.push_back({{"submission", core::to_text(part.record->id)},
                            {"reason", over->reason},
                            {"codes", over->codes},
                            {"objects", over->objects}});
    for (std::size_t i = 0; i < fates.size(); ++i)
      if (auto const& release = part.candidates[i].release; release && fates[i].kind == Verdict::Kind::store)
        released.push_back({{"submission", core::to_text(part.record->id)},
                            {"proposal", core::to_text(release->proposal)},
                            {"proposed_by", release->proposed_by}});
    if (auto const& because = part.record->because; !because.empty())
      retracted.push_back({{"submission", core::to_text(part.record->id)}, {"because", because}});
  }
};

}  // namespace

Audit::Audit(Connection& connection, base::Clock const& clock)
    : connection_(connection),
      clock_(clock),
      next_(connection.prepare("UPDATE counters SET audit_size = audit_size + 1 RETURNING audit_size - 1")),
      insert_entry_(connection.prepare("INSERT INTO audit VALUES (?, ?, ?, ?)")),
      insert_leaf_(connection.prepare("INSERT INTO leaves (log, position, leaf) VALUES (?, ?, ?)")),
      collection_(connection.prepare("SELECT id FROM collections WHERE collection = ?")),
      organisation_(connection.prepare("SELECT name FROM organisations WHERE organisation = ?")) {}

core::Result<void> Audit::append(std::span<AuditEntry const> entries) {
  try {
    Transaction transaction(connection_);
    for (AuditEntry const& entry : entries) insert(entry);
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

void Audit::note(std::string_view action, nlohmann::json details) {
  insert(audit_entry(action, clock_.now_us(), actor_, std::move(details)));
}

// One entry a transaction for each credential and collection: bells that ring together cost one insert, not one each.
void Audit::note(std::span<CommitPart const> parts, std::span<std::vector<Fate> const> fates) {
  std::vector<Submitted> all;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].record == nullptr) continue;
    auto same = [&](Submitted const& one) {
      return one.collection == parts[i].collection && one.by->credential == parts[i].by.credential &&
             one.asserter == parts[i].record->organisation;
    };
    auto found = std::ranges::find_if(all, same);
    if (found == all.end())
      found = all.insert(
          all.end(),
          {.collection = parts[i].collection, .asserter = parts[i].record->organisation, .by = &parts[i].by});
    found->add(parts[i], fates[i]);
  }
  for (Submitted const& one : all) {
    nlohmann::json details{{"collection", collection_id(one.collection)},
                           {"stored", one.stored},
                           {"unchanged", one.unchanged},
                           {"refused", one.refused},
                           {"submissions", one.complete}};
    if (!one.unfinished.empty()) details["unfinished"] = one.unfinished;
    if (!one.overridden.empty()) details["overridden"] = one.overridden;
    if (!one.retracted.empty()) details["retracted"] = one.retracted;
    if (!one.released.empty()) details["released"] = one.released;
    if (one.waiting > 0) details["waiting"] = one.waiting;
    if (one.published > 0)
      details["moderated"] = {{"published", one.published}, {"of", organisation_name(one.asserter)}};
    insert(audit_entry("submit", clock_.now_us(), *one.by, std::move(details)));
  }
}

void Audit::note(Withdrawal const& withdrawal, std::span<std::int64_t const> touched) {
  auto [first, last] = std::ranges::minmax(touched);
  note("withdraw", {{"collection", collection_id(withdrawal.collection)},
                    {"first", first},
                    {"last", last},
                    {"publications", touched.size()},
                    {"everybodys", !withdrawal.own.has_value()}});
}

void Audit::note(Erasure const& erasure, Erased const& erased) {
  note("erase", {{"organisation", organisation_name(erasure.asserter)},
                 {"versions", erased.versions},
                 {"leaves", erased.leaves.size()}});
}

void Audit::note(Destroyed const& destroyed) {
  nlohmann::json indicators = nlohmann::json::object();
  for (auto const& [kind, count] : destroyed.indicators) indicators[kind.empty() ? "share_until" : kind] = count;
  note("retention", {{"indicators", std::move(indicators)},
                     {"versions", destroyed.erased.versions},
                     {"leaves", destroyed.erased.leaves.size()}});
}

void Audit::note(Retraction const& retraction, Retracted const& retracted) {
  nlohmann::json collections = nlohmann::json::array();
  for (RowId collection : retracted.collections) collections.push_back(collection_id(collection));
  note("retract", {{"organisation", organisation_name(retraction.asserter)},
                   {"because", retraction.because},
                   {"objects", retraction.objects.size()},
                   {"publications", retracted.touched_sequences.size()},
                   {"collections", std::move(collections)}});
}

// On behalf of the peer whose log it is. That it opened nothing of some entries is told by none.
void Audit::note(Delivery const& delivery, std::span<Fate const> fates) {
  auto const& applied = delivery.applied;
  if (fates.empty() && applied.refused.empty()) return;
  Statement look = connection_.prepare(
      "SELECT s.name, o.name, p.name FROM origins s LEFT JOIN peers p ON p.origin = s.name "
      "LEFT JOIN organisations o ON o.organisation = p.organisation WHERE s.origin = ?");
  if (!look.start().bind(applied.origin).step()) return;
  auto const count = [&](Verdict::Kind kind) { return std::ranges::count(fates, kind, &Fate::kind); };
  nlohmann::json details{{"origin", look.text(0)},
                         {"from", applied.from},
                         {"to", applied.to},
                         {"stored", count(Verdict::Kind::store)},
                         {"unchanged", count(Verdict::Kind::unchanged)},
                         {"refused", count(Verdict::Kind::refuse) + static_cast<std::int64_t>(applied.refused.size())}};
  if (!look.is_null(2)) details["peer"] = look.text(2);
  Actor const by{std::string(look.text(look.is_null(1) ? 0 : 1)), "following"};
  insert(audit_entry("deliver", clock_.now_us(), by, std::move(details)));
}

void Audit::insert(AuditEntry const& entry) {
  core::Salt salt = core::random_salt();
  core::Digest leaf = log::audit_leaf(salt, entry.text);
  if (!next_.start().step()) throw SqliteError(SQLITE_CORRUPT, 0, "the counters are missing");
  std::int64_t position = next_.integer(0);
  next_.reset();
  try {
    insert_entry_.start().bind(position).bind(entry.at_us).bind_text(entry.text).bind_blob(core::view(salt)).run();
    insert_leaf_.start().bind(kAuditLog).bind(position).bind_blob(core::view(leaf)).run();
  } catch (SqliteError const& error) {
    // The change itself keeps all constraints: that the trail has this position already is damage, not a conflict.
    if (error.is_constraint()) throw SqliteError(SQLITE_CORRUPT, 0, "the audit trail is longer than its counter");
    throw;
  }
}

std::string Audit::collection_id(RowId collection) { return text_of(collection_, collection); }

std::string Audit::organisation_name(RowId organisation) { return text_of(organisation_, organisation); }

std::string Audit::text_of(Statement& statement, RowId row) {
  std::string out = statement.start().bind(row).step() ? std::string(statement.text(0)) : std::string();
  statement.reset();
  return out;
}

core::Result<std::uint64_t> AuditReads::size() {
  try {
    Statement statement = connection_.prepare("SELECT audit_size FROM counters");
    if (!statement.step()) return core::fail(core::Code::storage_failed, "The counters are missing.");
    return static_cast<std::uint64_t>(statement.integer(0));
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> AuditReads::visit(AuditQuery const& query, std::function<bool(AuditRow const&)> const& visitor) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  try {
    Statement rows = connection_.prepare(
        "SELECT a.position, a.at, a.entry, a.salt, l.leaf FROM audit a "
        "LEFT JOIN leaves l ON l.log = 2 AND l.position = a.position "
        "WHERE a.position >= ?1 AND a.position < ?2 AND (?3 IS NULL OR a.at >= ?3) AND (?4 IS NULL OR a.at < ?4) "
        "AND (?5 = '' OR a.entry ->> '$.by.organisation' = ?5 OR a.entry ->> '$.organisation' = ?5) "
        "ORDER BY a.position");
    rows.start()
        .bind(static_cast<std::int64_t>(std::min(query.first, kMost)))
        .bind(static_cast<std::int64_t>(std::min(query.last, kMost)))
        .bind(query.since_us)
        .bind(query.until_us)
        .bind_text(query.organisation);
    while (rows.step()) {
      AuditRow row{static_cast<std::uint64_t>(rows.integer(0)), rows.integer(1), rows.text(2), rows.text(3),
                   rows.text(4)};
      if (!visitor(row)) return {};
    }
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
