#include "server/store/sqlite/logs.hpp"

#include <algorithm>

namespace tocsin::store::sqlite {
namespace {

LoggedVersion entry_of(Statement const& leaf, Statement const& row, bool is_head) {
  return {static_cast<std::uint64_t>(leaf.integer(0)),
          row.text(1),
          row.text(2),
          row.text(3),
          row.text(4),
          leaf.text(1),
          leaf.text(2),
          row.text(5),
          row.text(6),
          static_cast<std::uint64_t>(row.integer(7)),
          is_head,
          false};
}

LoggedVersion lost_entry(Statement const& leaf) {
  LoggedVersion out;
  out.index = static_cast<std::uint64_t>(leaf.integer(0));
  out.leaf = leaf.text(1);
  out.entry = leaf.text(2);
  out.lost = true;
  return out;
}

// Each query names rows that contradict another table.
struct Check {
  std::string_view sentence, sql;
};
constexpr Check kChecks[] = {
    {"publications without their version",
     "SELECT count(*) FROM publications p LEFT JOIN versions v ON v.version = p.version "
     "WHERE v.version IS NULL OR v.class <> p.class OR v.asserter <> p.asserter"},
    {"leaves beyond or short of the counted size",
     "SELECT abs((SELECT count(*) FROM leaves WHERE log = 0) - (SELECT data_size FROM counters))"},
    {"publications dated out of order",
     "SELECT count(*) FROM (SELECT date_added, lag(date_added) OVER (ORDER BY sequence) AS before FROM publications) "
     "WHERE date_added <= before"},
    {"counts that disagree with the publications",
     "SELECT count(*) FROM (SELECT collection, class, asserter, count(*) AS n FROM publications GROUP BY 1, 2, 3) p "
     "LEFT JOIN publication_counts c USING (collection, class, asserter) WHERE c.count IS NOT p.n"},
    {"chain entries that contradict their version",
     "SELECT count(*) FROM chains c LEFT JOIN versions v ON v.version = c.version WHERE v.version IS NULL OR v.uuid "
     "<> c.uuid "
     "OR v.type <> c.type OR v.asserter <> c.asserter OR v.modified <> c.modified OR v.class <> c.class"},
    {"versions that are missing among the chains",
     "SELECT count(*) FROM versions v WHERE v.version <= (SELECT indexed_through FROM counters) AND length(v.bytes) "
     "> 0 AND NOT EXISTS "
     "(SELECT 1 FROM chains c "
     "WHERE c.uuid = v.uuid AND c.type = v.type AND c.asserter = v.asserter AND c.modified = v.modified)"},
    {"versions that repeat an id and an instant",
     "SELECT (SELECT count(*) - count(DISTINCT hex(uuid) || ' ' || type || ' ' || asserter || ' ' || modified) FROM "
     "versions "
     "WHERE version > (SELECT indexed_through FROM counters)) + (SELECT count(*) FROM versions v JOIN chains c "
     "ON c.uuid = v.uuid AND c.type = v.type AND c.asserter = v.asserter AND c.modified = v.modified "
     "WHERE v.version > (SELECT indexed_through FROM counters) AND c.version <> v.version)"},
    {"entries of the control log without a leaf, leaves without an entry, or neither counted",
     "SELECT abs((SELECT count(*) FROM leaves WHERE log = 1) - (SELECT control_size FROM counters)) + "
     "abs((SELECT count(*) FROM control_entries) - (SELECT control_size FROM counters))"},
    {"publications numbered at or beyond the counter",
     "SELECT count(*) FROM publications WHERE sequence >= (SELECT next_sequence FROM counters)"},
};

// Entries of before numberings are numbered by their class. A migration may be pending in a backup.
constexpr Check kByClass{
    "classes whose next number is not the one after their last",
    "SELECT count(*) FROM classes LEFT JOIN (SELECT class, max(class_sequence) AS last FROM versions WHERE origin = "
    "0 GROUP BY class) USING (class) WHERE next_sequence <> 1 + coalesce(last, 0)"};
constexpr Check kNumbered[] = {
    {"classes whose next number is not the one after their last",
     "SELECT count(*) FROM classes LEFT JOIN (SELECT class, max(class_sequence) AS last FROM versions WHERE origin = "
     "0 AND numbering IS NULL GROUP BY class) USING (class) WHERE next_sequence <> 1 + coalesce(last, 0)"},
    {"numberings that do not end with their last entry",
     "SELECT count(*) FROM numberings LEFT JOIN (SELECT numbering, max(class_sequence) AS number, max(origin_index) "
     "AS at FROM versions WHERE origin = 0 AND numbering IS NOT NULL GROUP BY numbering) USING (numbering) "
     "WHERE count <> coalesce(number, 0) OR last <> coalesce(at, 0)"},
};

}  // namespace

core::Result<std::uint64_t> Logs::data_size() {
  try {
    Statement statement = connection_->prepare("SELECT data_size FROM counters");
    if (!statement.step()) return core::fail(core::Code::storage_failed, "The counters are missing.");
    return static_cast<std::uint64_t>(statement.integer(0));
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

// A migration may be pending, and a backup comes first.
std::string Logs::columns_of_leaves() {
  Statement column = connection_->prepare("SELECT 1 FROM pragma_table_info('leaves') WHERE name = 'entry'");
  return column.step() ? "position, leaf, entry" : "position, leaf, NULL AS entry";
}

bool Logs::is_numbered() {
  return connection_->prepare("SELECT 1 FROM sqlite_schema WHERE name = 'numberings'").step();
}

Logs::Queries Logs::entries_of_data() {
  if (!is_numbered())
    return {
        "SELECT origin_index, header, header_salt, body_salt, bytes, digest, token, class_sequence FROM versions "
        "NOT INDEXED LEFT JOIN classes USING (class) WHERE origin = 0 AND origin_index >= ? ORDER BY version",
        "SELECT 0 WHERE ? < 0"};
  return {
      "SELECT v.origin_index, v.header, v.header_salt, v.body_salt, v.bytes, v.digest, coalesce(n.token, c.token), "
      "v.class_sequence FROM versions v NOT INDEXED LEFT JOIN classes c USING (class) "
      "LEFT JOIN numberings n ON n.numbering = v.numbering AND n.class = v.class "
      "WHERE v.origin = 0 AND v.origin_index >= ? ORDER BY v.version",
      "SELECT position, header, header_salt, body_salt, body, NULL, token, 0 FROM heads "
      "LEFT JOIN numberings USING (numbering) WHERE position >= ? ORDER BY position"};
}

// All sides run in the order of the leaves: versions are numbered by commit, and so are their leaves. By no index,
// which would read them in another order where that is damaged, and sort their bytes.
core::Result<void> Logs::visit(std::uint64_t first, std::function<bool(LoggedVersion const&)> visitor) {
  try {
    Statement leaves = connection_->prepare("SELECT " + columns_of_leaves() +
                                            " FROM leaves WHERE log = 0 AND position >= ? ORDER BY position");
    auto const [of_versions, of_heads] = entries_of_data();
    Statement versions = connection_->prepare(of_versions), heads = connection_->prepare(of_heads);
    for (auto* each : {&leaves, &versions, &heads}) each->start().bind(static_cast<std::int64_t>(first));
    bool version = versions.step(), head = heads.step();
    while (leaves.step()) {
      auto const index = leaves.integer(0);
      if ((version && versions.integer(0) < index) || (head && heads.integer(0) < index)) break;  // it names no leaf
      bool const is_version = version && versions.integer(0) == index;
      bool const is_head = !is_version && head && heads.integer(0) == index;
      if (!is_version && !is_head) {
        if (!visitor(lost_entry(leaves))) return {};
        continue;
      }
      if (!visitor(entry_of(leaves, is_head ? heads : versions, is_head))) return {};
      (is_head ? head : version) = (is_head ? heads : versions).step();
    }
    if (version || head)
      return core::fail(core::Code::log_inconsistent, "A version or a head names leaf " +
                                                          std::to_string((version ? versions : heads).integer(0)) +
                                                          " of the data log, which has no such leaf.");
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Logs::visit_leaves(LogName log, std::uint64_t first, std::function<bool(std::string_view)> visitor) {
  try {
    Statement leaves =
        connection_->prepare("SELECT position, leaf FROM leaves WHERE log = ? AND position >= ? ORDER BY position");
    leaves.start().bind(static_cast<std::int64_t>(log)).bind(static_cast<std::int64_t>(first));
    for (auto expected = static_cast<std::int64_t>(first); leaves.step(); ++expected) {
      if (leaves.integer(0) != expected)
        return core::fail(core::Code::log_inconsistent, "Leaf " + std::to_string(expected) + " of the " +
                                                            (log == LogName::data ? "data" : "control") +
                                                            " log is missing.");
      if (!visitor(leaves.text(1))) return {};
    }
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Logs::visit_control(std::function<bool(LoggedControl const&)> visitor) {
  try {
    Statement table = connection_->prepare("SELECT 1 FROM sqlite_schema WHERE name = 'control_entries'");
    if (!table.step()) return {};  // a migration is pending, and a backup comes first
    Statement entries = connection_->prepare(
        "SELECT position, header, header_salt, body_salt, body, leaf, entry FROM control_entries LEFT JOIN (SELECT " +
        columns_of_leaves() + " FROM leaves WHERE log = 1) USING (position) ORDER BY position");
    while (entries.step()) {
      LoggedControl entry{static_cast<std::uint64_t>(entries.integer(0)),
                          entries.text(1),
                          entries.text(2),
                          entries.text(3),
                          entries.text(4),
                          entries.text(5),
                          entries.text(6)};
      if (!visitor(entry)) return {};
    }
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Logs::visit_unlogged(std::function<bool(RowId, std::string_view, std::string_view)> visitor) {
  try {
    Statement versions = connection_->prepare(
        "SELECT version, digest, bytes FROM versions WHERE origin_index IS NULL AND length(bytes) > 0 ORDER BY "
        "version");
    while (versions.step())
      if (!visitor(versions.integer(0), versions.text(1), versions.text(2))) return {};
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<std::string>> Logs::integrity() {
  try {
    std::vector<std::string> findings;
    Statement engine = connection_->prepare("PRAGMA integrity_check(20)");
    while (engine.step())
      if (engine.text(0) != "ok") findings.emplace_back("SQLite: " + std::string(engine.text(0)));
    auto const look = [&](Check const& check) {
      Statement statement = connection_->prepare(check.sql);
      if (statement.step() && statement.integer(0) != 0)
        findings.push_back(std::to_string(statement.integer(0)) + " " + std::string(check.sentence));
    };
    std::ranges::for_each(kChecks, look);
    if (is_numbered())
      std::ranges::for_each(kNumbered, look);
    else
      look(kByClass);
    return findings;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
