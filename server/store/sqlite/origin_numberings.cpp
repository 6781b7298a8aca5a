#include "server/store/sqlite/origin_numberings.hpp"

#include <algorithm>
#include <map>

#include "server/store/sqlite/origin_heads.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kPatienceUs = 60'000'000;
constexpr std::int64_t kMostErased = 100;

std::int64_t stored(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::optional<std::int64_t> stored(std::optional<std::uint64_t> const& value) {
  return value ? std::optional(stored(*value)) : std::nullopt;
}

}  // namespace

void OriginNumberings::follow(Delivery const& delivery, std::int64_t now_us) {
  if (delivery.applied.from == 0) begin_again();
  OriginHeads heads(connection_, origin_);
  std::map<core::Uuid, Followed> numberings;
  for (auto const& entry : delivery.numbered) {
    auto at = numberings.find(entry.token);
    if (at == numberings.end()) {
      auto known = read(entry.token);
      if (!known && !has_room(numberings.size())) continue;
      at = numberings.emplace(entry.token, known.value_or(Followed{})).first;
    }
    auto& [now, beyond_us] = at->second;
    auto const found =
        entry.head ? now.compare(entry.index, *entry.head) : now.add(entry.index, entry.number, entry.leaf);
    if (found) keep(entry, *found, now.head.has_value(), now_us);
    if (entry.head) {
      beyond_us.reset();
      heads.keep(entry);
    } else if (!beyond_us) {
      beyond_us = now_us;
    }
  }
  for (auto const& [token, followed] : numberings) save(token, followed);
  if (std::ranges::any_of(delivery.numbered, [](auto const& entry) { return entry.head.has_value(); }))
    heads.forget_oldest();
}

// `more`: of this delivery, of which some may be stored already.
bool OriginNumberings::has_room(std::size_t more) {
  if (!stored_) {
    Statement row = connection_.prepare("SELECT count(*) FROM origin_numberings WHERE origin = ?");
    stored_ = row.start().bind(origin_).step() ? static_cast<std::uint64_t>(row.integer(0)) : 0;
  }
  return *stored_ + more < kMostNumberings;
}

std::optional<OriginNumberings::Followed> OriginNumberings::read(core::Uuid const& token) {
  Statement row = connection_.prepare(
      "SELECT count, last, rolling, head, headed, beyond FROM origin_numberings WHERE origin = ? AND token = ?");
  if (!row.start().bind(origin_).bind_blob(core::view(token)).step()) return std::nullopt;
  Followed out;
  out.now.count = static_cast<std::uint64_t>(row.integer(0));
  out.now.last = static_cast<std::uint64_t>(row.integer(1));
  out.now.rolling = core::to_array<32>(row.text(2));
  if (!row.is_null(3)) out.now.head = static_cast<std::uint64_t>(row.integer(3));
  out.now.headed = static_cast<std::uint64_t>(row.integer(4));
  if (!row.is_null(5)) out.beyond_us = row.integer(5);
  return out;
}

void OriginNumberings::save(core::Uuid const& token, Followed const& followed) {
  auto const& now = followed.now;
  Statement row = connection_.prepare("INSERT OR REPLACE INTO origin_numberings VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  row.start().bind(origin_).bind_blob(core::view(token)).bind(stored(now.count)).bind(stored(now.last));
  now.rolling ? row.bind_blob(core::view(*now.rolling)) : row.bind_null();
  row.bind(stored(now.head)).bind(stored(now.headed)).bind(followed.beyond_us).run();
}

// Numberings that are not for us have gaps, and no heads: they take no place from those that are judged.
void OriginNumberings::keep(NumberedEntry const& entry, log::FollowedNumbering::Found const& found, bool has_head,
                            std::int64_t now_us) {
  connection_
      .prepare(
          "INSERT OR IGNORE INTO origin_flaws (origin, token, kind, first, shown, missing, opening, found) "
          "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE (SELECT count(*) FROM origin_flaws f "
          "LEFT JOIN origin_numberings n USING (origin, token) WHERE f.origin = ?1 AND (n.head IS NOT NULL) = ?9) "
          "< ?10")
      .start()
      .bind(origin_)
      .bind_blob(core::view(entry.token))
      .bind_text(log::name(found.flaw))
      .bind(stored(found.from))
      .bind(stored(found.to))
      .bind(stored(found.missing))
      .bind_blob(entry.opening)
      .bind(now_us)
      .bind(std::int64_t{has_head})
      .bind(stored(kMostFlaws))
      .run();
}

void OriginNumberings::begin_again() {
  connection_.prepare("DELETE FROM origin_numberings WHERE origin = ?").start().bind(origin_).run();
  connection_.prepare("DELETE FROM origin_flaws WHERE origin = ? AND kind IN ('gap', 'unshown')")
      .start()
      .bind(origin_)
      .run();
  OriginHeads(connection_, origin_).forget();
}

Completeness OriginNumberings::completeness(std::int64_t now_us) {
  Completeness out;
  Statement numberings = connection_.prepare(
      "SELECT count(*), coalesce(sum(n.beyond IS NOT NULL AND l.applied = l.size AND l.verified - n.beyond > ?2 "
      "AND (n.last >= o.lost_before OR o.lost_before > l.size)), 0) "
      "FROM origin_numberings n JOIN origin_logs l ON l.origin = n.origin AND l.log = 0 "
      "JOIN origins o ON o.origin = n.origin "
      "WHERE n.origin = ?1 AND n.head IS NOT NULL");
  if (numberings.start().bind(origin_).bind(kPatienceUs).step()) {
    out.numberings = static_cast<std::uint64_t>(numberings.integer(0));
    out.overdue = static_cast<std::uint64_t>(numberings.integer(1));
  }
  forget_explained();
  count_flaws(out, now_us);
  return out;
}

// What is erased stays so. The origin chooses how much it erases, and commits wait for who counts it: where more is
// missing than is counted, so many erased entries explain it.
void OriginNumberings::forget_explained() {
  connection_
      .prepare(
          "DELETE FROM origin_flaws WHERE flaw IN (SELECT f.flaw FROM origin_flaws f "
          "WHERE f.origin = ?1 AND f.kind = 'gap' AND min(f.missing, ?2) <= "
          "(SELECT count(*) FROM (SELECT 1 FROM origin_recalls r INDEXED BY origin_recalls_erased "
          "WHERE r.origin = f.origin AND r.state = 3 AND r.position >= f.first AND r.position < f.shown LIMIT ?2)))")
      .start()
      .bind(origin_)
      .bind(kMostErased)
      .run();
}

void OriginNumberings::count_flaws(Completeness& out, std::int64_t now_us) {
  Statement flaws = connection_.prepare(
      "SELECT kind, count(*) FROM origin_flaws f WHERE origin = ?1 AND (kind <> 'gap' OR (found < ?2 "
      "AND EXISTS (SELECT 1 FROM origin_numberings n WHERE n.origin = f.origin AND n.token = f.token "
      "AND n.head >= f.shown))) GROUP BY kind");
  flaws.start().bind(origin_).bind(now_us - kPatienceUs);
  while (flaws.step()) {
    auto const count = static_cast<std::uint64_t>(flaws.integer(1));
    if (flaws.text(0) == log::name(log::Flaw::gap)) out.gaps = count;
    if (flaws.text(0) == log::name(log::Flaw::duplicate)) out.duplicates = count;
    if (flaws.text(0) == log::name(log::Flaw::hash)) out.hashes = count;
    if (flaws.text(0) == log::name(log::Flaw::count)) out.counts = count;
    if (flaws.text(0) == log::name(log::Flaw::unshown)) out.unshown = count;
  }
}

}  // namespace tocsin::store::sqlite
