#include "server/store/sqlite/origin_heads.hpp"

#include "schema/log/openings.hpp"

namespace tocsin::store::sqlite {
namespace {

std::int64_t stored(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

void OriginHeads::keep(NumberedEntry const& head) {
  auto const opened = log::parse_openings(head.opening);
  if (!opened || opened->entries.size() != 1 || opened->entries.front().is_closed()) return;
  connection_
      .prepare(
          "INSERT INTO origin_heads (origin, rank, token, position, salt, opening) "
          "VALUES (?1, 1 + coalesce((SELECT max(rank) FROM origin_heads WHERE origin = ?1), 0), ?2, ?3, ?4, ?5)")
      .start()
      .bind(origin_)
      .bind_blob(core::view(head.token))
      .bind(stored(head.index))
      .bind_blob(core::view(opened->entries.front().body_salt))
      .bind_blob(head.opening)
      .run();
}

// The newest of a numbering stays, however long ago it was: else nobody could ask what came after it.
void OriginHeads::forget_oldest() {
  connection_
      .prepare(
          "DELETE FROM origin_heads WHERE origin = ?1 "
          "AND rank <= (SELECT max(rank) FROM origin_heads WHERE origin = ?1) - ?2 AND EXISTS (SELECT 1 "
          "FROM origin_heads n WHERE n.origin = ?1 AND n.token = origin_heads.token AND n.rank > origin_heads.rank)")
      .start()
      .bind(origin_)
      .bind(stored(kMostHeads))
      .run();
}

void OriginHeads::forget() {
  connection_.prepare("DELETE FROM origin_heads WHERE origin = ?").start().bind(origin_).run();
}

// By chance, so that none is left out for long: an origin that opens each of us heads of our own from some day on is
// found by the last one that we had in common.
std::vector<core::Salt> OriginHeads::opened(std::size_t most) {
  Statement rows = connection_.prepare(
      "SELECT h.salt FROM origin_heads h LEFT JOIN (SELECT token, max(position) AS position FROM origin_heads "
      "WHERE origin = ?1 GROUP BY token) n ON n.token = h.token AND n.position = h.position "
      "WHERE h.origin = ?1 ORDER BY n.token IS NULL, random() LIMIT ?2");
  rows.start().bind(origin_).bind(stored(most));
  std::vector<core::Salt> out;
  while (rows.step()) out.push_back(core::to_array<32>(rows.text(0)).value());
  return out;
}

HeadVerdict OriginHeads::compare(ShownHead const& head) {
  if (!is_unshown(head)) return HeadVerdict::fits;
  if (!is_leaf(head)) return HeadVerdict::not_it;
  return keep(head) ? HeadVerdict::unshown : HeadVerdict::known;
}

// Behind the oldest one that is kept of the numbering every head is kept that was opened.
bool OriginHeads::is_unshown(ShownHead const& head) {
  Statement row = connection_.prepare(
      "SELECT 1 FROM origin_logs l JOIN origins o USING (origin) WHERE l.origin = ?1 AND l.log = 0 AND ?3 < l.applied "
      "AND (?3 >= o.lost_before OR o.lost_before > l.size) "
      "AND EXISTS (SELECT 1 FROM origin_heads WHERE origin = ?1 AND token = ?2 AND position < ?3) "
      "AND NOT EXISTS (SELECT 1 FROM origin_heads WHERE origin = ?1 AND token = ?2 AND position = ?3)");
  return row.start().bind(origin_).bind_blob(core::view(head.token)).bind(stored(head.index)).step();
}

bool OriginHeads::is_leaf(ShownHead const& head) {
  Statement row = connection_.prepare(
      "SELECT substr(hashes, 1 + ?2 % 256 * 32, 32) FROM origin_tiles WHERE origin = ?1 AND log = 0 AND tile = ?2 / "
      "256");
  return row.start().bind(origin_).bind(stored(head.index)).step() && row.text(0) == core::view(head.leaf);
}

bool OriginHeads::keep(ShownHead const& head) {
  Statement row = connection_.prepare(
      "INSERT OR IGNORE INTO origin_flaws (origin, token, kind, first, shown, missing, opening, found) "
      "SELECT n.origin, n.token, ?3, 1 + (SELECT max(position) FROM origin_heads WHERE origin = ?1 AND token = ?2 "
      "AND position < ?4), ?4, max(0, ?5 - n.count), ?6, l.verified FROM origin_numberings n "
      "JOIN origin_logs l ON l.origin = n.origin AND l.log = 0 WHERE n.origin = ?1 AND n.token = ?2 "
      "AND (SELECT count(*) FROM origin_flaws f WHERE f.origin = ?1 AND f.kind = ?3) < ?7");
  row.start().bind(origin_).bind_blob(core::view(head.token)).bind_text(log::name(log::Flaw::unshown));
  row.bind(stored(head.index)).bind(stored(head.number)).bind_blob(head.opening).bind(stored(kMostFlaws)).run();
  return connection_.changes() == 1;
}

}  // namespace tocsin::store::sqlite
