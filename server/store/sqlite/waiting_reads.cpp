// The part of waiting.hpp that reader threads use.
#include "server/store/sqlite/waiting.hpp"
#include "server/store/sqlite/waiting_facts.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::string_view kColumns =
    "SELECT waiting, id, organisation, collection, type, uuid, version, kind, class_key, received, objects, state, "
    "ended, because FROM waiting ";

WaitingEntry entry_of(Statement const& row) {
  WaitingEntry out;
  out.row = row.integer(0);
  out.id = core::to_array<16>(row.text(1)).value();
  out.organisation = row.integer(2);
  out.collection = row.integer(3);
  out.type = row.text(4);
  out.uuid = core::to_array<16>(row.text(5)).value();
  out.version = row.text(6);
  out.kind = row.text(7);
  out.class_key = row.text(8);
  out.received_us = row.integer(9);
  out.objects = static_cast<std::size_t>(row.integer(10));
  out.state = static_cast<WaitingEntry::State>(row.integer(11));
  out.ended_us = row.optional_integer(12);
  out.because = row.text(13);
  return out;
}

}  // namespace

core::Result<std::vector<WaitingEntry>> WaitingReads::list(WaitingQuery const& query) {
  try {
    std::string sql(kColumns);
    // What carries one id or one claim is found by that, and not among all that its organisation waits for.
    if (query.uuid) sql += "INDEXED BY waiting_by_uuid ";
    if (query.claim) sql += "INDEXED BY waiting_by_claim ";
    sql += query.ended ? "WHERE state IN (0, 2, 3) " : "WHERE state = 0 ";  // as the indexes have them
    if (query.organisation) sql += "AND organisation = ? ";
    if (query.uuid) sql += "AND uuid = ? ";
    if (query.claim) sql += "AND claim_kind = ? AND claim_value = ? ";
    if (!query.type.empty()) sql += "AND type = ? ";
    Statement rows = connection_.prepare(sql + "AND waiting > ? ORDER BY waiting LIMIT ?");
    rows.start();
    if (query.organisation) rows.bind(*query.organisation);
    if (query.uuid) rows.bind_blob(core::view(*query.uuid));
    if (query.claim) rows.bind_text(query.claim->kind).bind_blob(core::view(query.claim->value));
    if (!query.type.empty()) rows.bind_text(query.type);
    rows.bind(query.after).bind(static_cast<std::int64_t>(query.limit));
    std::vector<WaitingEntry> out;
    while (rows.step()) out.push_back(entry_of(rows));
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

core::Result<std::optional<WaitingEntry>> WaitingReads::find(core::Uuid const& id) {
  try {
    Statement row = connection_.prepare(std::string(kColumns) + "WHERE id = ? AND state = 0");
    if (!row.start().bind_blob(core::view(id)).step()) return std::optional<WaitingEntry>();
    return std::optional(entry_of(row));
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<Candidate>> WaitingReads::objects(RowId row) {
  try {
    Statement rows = connection_.prepare(
        "SELECT o.facts, o.digest, o.bytes, w.organisation FROM waiting_objects o JOIN waiting w ON w.waiting = "
        "o.waiting WHERE o.waiting = ? ORDER BY o.position");
    std::vector<Candidate> out;
    for (rows.start().bind(row); rows.step();) {
      Candidate& one = out.emplace_back(candidate_from(rows.text(0)));
      one.digest = core::to_array<32>(rows.text(1)).value();
      one.bytes = rows.text(2);
      one.asserter = rows.integer(3);
    }
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

core::Result<WaitingReader::Load> WaitingReads::load() {
  try {
    Statement row = connection_.prepare("SELECT count(*), min(received) FROM waiting WHERE state = 0");
    if (!row.start().step()) throw SqliteError(0, 0, "a count without a row");
    return Load{row.integer(0), row.optional_integer(1)};
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
