#include "server/store/sqlite/indicators.hpp"

#include <nlohmann/json.hpp>

#include "schema/stix/json.hpp"
#include "server/store/sqlite/key_lists.hpp"

namespace tocsin::store::sqlite {

Indicators::Indicators(Connection& connection)
    : keep_(connection.prepare("INSERT OR IGNORE INTO indicators VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      known_(connection.prepare("SELECT keys, facets, class, asserter, creator, confidence, valid_from, valid_until, "
                                "revoked, relayed FROM indicators WHERE version = ?")),
      show_(connection.prepare(
          "INSERT OR IGNORE INTO indicator_index VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      hide_(connection.prepare("DELETE FROM indicator_index WHERE collection = ? AND corner = ? AND facet = ? AND key "
                               "= ? AND sequence = ? RETURNING since")),
      forget_(connection.prepare("DELETE FROM indicators WHERE version = ?")) {}

void Indicators::keep(kinds::Searchable const& what, Stored const& where) {
  auto const keys = joined(what.keys), facets = joined(what.facets);
  keep_.start().bind(where.version).bind(where.class_row).bind(where.asserter).bind(where.creator);
  keep_.bind(what.confidence).bind(what.valid_from_us).bind(what.valid_until_us);
  keep_.bind(std::int64_t{what.revoked}).bind(std::int64_t{what.relayed});
  keep_.bind_blob(keys).bind_blob(facets).run();
}

std::optional<Indicators::Known> Indicators::known(RowId version) {
  std::optional<Known> out;
  if (known_.start().bind(version).step()) {
    out = Known{split(known_.text(0)),      split(known_.text(1)),      known_.integer(2), known_.integer(3),
                known_.optional_integer(4), known_.optional_integer(5), known_.integer(6), known_.optional_integer(7),
                known_.integer(8) != 0,     known_.integer(9) != 0};
    out->facets.insert(out->facets.begin(), std::string());
  }
  known_.reset();
  return out;
}

void Indicators::show(RowId collection, std::int64_t sequence, RowId version, Since const& since) {
  auto const one = known(version);
  if (!one) return;
  for (RowId corner : {one->class_row, -one->asserter})
    for (auto const& facet : one->facets)
      for (auto const& key : one->keys) {
        auto const before = since.find(key);
        show_.start().bind(collection).bind(corner).bind_blob(facet).bind_blob(key).bind(sequence);
        show_.bind(before == since.end() ? sequence : before->second).bind(one->class_row).bind(version);
        show_.bind(one->asserter).bind(one->creator).bind(one->confidence).bind(one->valid_from);
        show_.bind(one->valid_until).bind(std::int64_t{one->revoked}).bind(std::int64_t{one->relayed});
        show_.bind(std::int64_t{one->keys.size() > 1}).run();
      }
}

Indicators::Since Indicators::hide(RowId collection, std::int64_t sequence, RowId version) {
  Since out;
  auto const one = known(version);
  if (!one) return out;
  for (RowId corner : {one->class_row, -one->asserter})
    for (auto const& facet : one->facets)
      for (auto const& key : one->keys) {
        hide_.start().bind(collection).bind(corner).bind_blob(facet).bind_blob(key).bind(sequence);
        while (hide_.step()) out[key] = hide_.integer(0);
      }
  return out;
}

void Indicators::forget(RowId version) { forget_.start().bind(version).run(); }

void fill_indicators(Connection& connection) {
  Indicators index(connection);
  Statement stored = connection.prepare(
      "SELECT version, class, asserter, creator, bytes FROM versions "
      "WHERE type = (SELECT name FROM names WHERE text = 'indicator') AND kind <> type AND length(bytes) > 0");
  while (stored.step()) {
    auto const object = stix::parse_json(stored.text(4));
    if (auto const what = object ? kinds::searchable(*object) : std::nullopt)
      index.keep(*what, {stored.integer(0), stored.integer(1), stored.integer(2), stored.optional_integer(3)});
  }
  // A chain is taken to have said from its first publication on what it says now.
  Statement shown = connection.prepare(
      "SELECT g.collection, g.sequence, g.version, g.since, i.keys FROM ("
      "SELECT p.collection, max(p.sequence) FILTER (WHERE p.place & 2 <> 0) AS sequence, "
      "max(p.version) FILTER (WHERE p.place & 2 <> 0) AS version, min(p.sequence) AS since "
      "FROM indicators i JOIN versions v ON v.version = i.version JOIN publications p ON p.version = i.version "
      "WHERE p.place & 4 = 0 GROUP BY p.collection, v.asserter, v.uuid) g JOIN indicators i ON i.version = g.version");
  while (shown.step()) {
    Indicators::Since since;
    for (auto& key : split(shown.text(4))) since.emplace(std::move(key), shown.integer(3));
    index.show(shown.integer(0), shown.integer(1), shown.integer(2), since);
  }
}

}  // namespace tocsin::store::sqlite
