#include "server/store/sqlite/retention.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/searching.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::string_view kInsert = "INSERT OR IGNORE INTO retention VALUES (?, ?, ?)";

}  // namespace

Retention::Retention(Connection& connection)
    : insert_(connection.prepare(kInsert)),
      supersede_(connection.prepare("DELETE FROM retention WHERE version = ? AND rule <> 0")),
      due_(connection.prepare("SELECT version FROM retention WHERE rule = ? AND at <= ? ORDER BY at, version LIMIT 1")),
      forget_(connection.prepare("DELETE FROM retention WHERE version = ?")) {}

void Retention::keep(Candidate const& candidate, RowId kind, RowId version,
                     std::optional<ChainState::Version> const& before) {
  if (candidate.type != "indicator") return;
  auto const& what = candidate.searchable;
  if (what && what->share_until_us) insert(kShareUntil, *what->share_until_us, version);
  if (before && before->modified_ns > candidate.modified_ns) return;
  if (before) supersede_.start().bind(before->row).run();
  if (!what) return;
  auto const over = what->revoked ? candidate.modified_ns / 1'000 : what->valid_until_us;
  if (over) insert(kind, *over, version);
}

std::optional<RowId> Retention::due(RowId rule, std::int64_t until_us) {
  std::optional<RowId> out;
  if (due_.start().bind(rule).bind(until_us).step()) out = due_.integer(0);
  due_.reset();
  return out;
}

void Retention::forget(RowId version) { forget_.start().bind(version).run(); }

void Retention::insert(RowId rule, std::int64_t at_us, RowId version) {
  insert_.start().bind(rule).bind(at_us).bind(version).run();
}

void fill_retention(Connection& connection) {
  connection.execute(
      "INSERT INTO retention SELECT kind, over, version FROM ("
      "SELECT v.kind, v.version, max(v.modified), CASE WHEN i.revoked THEN v.modified / 1000 ELSE i.valid_until END "
      "AS over FROM versions v LEFT JOIN indicators i ON i.version = v.version "
      "WHERE v.type = (SELECT name FROM names WHERE text = 'indicator') AND length(v.bytes) > 0 "
      "GROUP BY v.asserter, v.uuid) WHERE over IS NOT NULL");
  Statement keep = connection.prepare(kInsert);
  Statement shared = connection.prepare(
      "SELECT v.version, v.bytes FROM indicators i JOIN versions v ON v.version = i.version "
      "WHERE instr(v.bytes, '\"share_until\"') > 0");
  while (shared.step()) {
    auto const object = stix::parse_json(shared.text(1));
    auto const what = object ? kinds::searchable(*object) : std::nullopt;
    if (what && what->share_until_us)
      keep.start().bind(Retention::kShareUntil).bind(*what->share_until_us).bind(shared.integer(0)).run();
  }
}

RetentionReads::RetentionReads(Connection& connection)
    : connection_(connection),
      name_(connection.prepare("SELECT name FROM names WHERE text = ?")),
      count_(connection.prepare("SELECT count(*), min(at) FROM retention WHERE rule = ? AND at <= ?")) {}

core::Result<std::vector<Due>> RetentionReads::due(std::span<RetentionRule const> rules) {
  try {
    std::vector<Due> out;
    for (auto const& rule : rules) {
      auto& due = out.emplace_back(rule.kind);
      std::optional<RowId> row = Retention::kShareUntil;
      if (!rule.kind.empty()) {
        row.reset();
        if (name_.start().bind_text(rule.kind).step()) row = name_.integer(0);
        name_.reset();
      }
      if (!row || !count_.start().bind(*row).bind(rule.until_us).step()) continue;
      due.versions = count_.integer(0);
      due.oldest_us = count_.optional_integer(1);
      count_.reset();
    }
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
