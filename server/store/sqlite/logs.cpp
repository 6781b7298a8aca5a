#include "server/store/sqlite/logs.hpp"

namespace tocsin::store::sqlite {
namespace {

// Of a row of position, leaf and entry.
LoggedVersion lost_version(Statement const& leaf) {
  LoggedVersion out;
  out.index = static_cast<std::uint64_t>(leaf.integer(0));
  out.lost = true;
  out.leaf = leaf.text(1);
  out.entry = leaf.text(2);
  return out;
}

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

core::Result<void> Logs::visit(std::uint64_t first, std::function<bool(LoggedVersion const&)> visitor) {
  try {
    // Both sides run in the order of the leaves: versions are numbered by commit, and so are their leaves. By no index,
    // which would read them in another order where that is damaged, and sort their bytes.
    Statement leaves = connection_->prepare("SELECT " + columns_of_leaves() +
                                            " FROM leaves WHERE log = 0 AND position >= ? ORDER BY position");
    Statement versions = connection_->prepare(
        "SELECT origin_index, header, header_salt, body_salt, bytes, digest, token, class_sequence FROM versions "
        "NOT INDEXED LEFT JOIN classes USING (class) WHERE origin = 0 AND origin_index >= ? ORDER BY version");
    auto from = static_cast<std::int64_t>(first);
    leaves.start().bind(from);
    versions.start().bind(from);
    bool more = versions.step();
    while (leaves.step()) {
      if (more && versions.integer(0) < leaves.integer(0)) break;  // it names no leaf
      if (!more || versions.integer(0) > leaves.integer(0)) {
        if (!visitor(lost_version(leaves))) return {};
        continue;
      }
      LoggedVersion row{static_cast<std::uint64_t>(leaves.integer(0)),
                        false,
                        versions.text(1),
                        versions.text(2),
                        versions.text(3),
                        versions.text(4),
                        leaves.text(1),
                        leaves.text(2),
                        versions.text(5),
                        versions.text(6),
                        static_cast<std::uint64_t>(versions.integer(7))};
      if (!visitor(row)) return {};
      more = versions.step();
    }
    if (more)
      return core::fail(core::Code::log_inconsistent, "A version names leaf " + std::to_string(versions.integer(0)) +
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
  // Each query names rows that contradict another table.
  struct Check {
    std::string_view sentence, sql;
  };
  static constexpr Check kChecks[] = {
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
      {"classes whose next number is not the one after their last",
       "SELECT count(*) FROM classes LEFT JOIN (SELECT class, max(class_sequence) AS last FROM versions WHERE origin = "
       "0 "
       "GROUP BY class) USING (class) WHERE next_sequence - 1 - coalesce(last, 0) NOT BETWEEN 0 AND (SELECT data_size "
       "FROM counters) - (SELECT count(*) FROM versions WHERE origin = 0 AND origin_index IS NOT NULL)"},
      {"publications numbered at or beyond the counter",
       "SELECT count(*) FROM publications WHERE sequence >= (SELECT next_sequence FROM counters)"},
  };
  try {
    std::vector<std::string> findings;
    Statement engine = connection_->prepare("PRAGMA integrity_check(20)");
    while (engine.step())
      if (engine.text(0) != "ok") findings.emplace_back("SQLite: " + std::string(engine.text(0)));
    for (Check const& check : kChecks) {
      Statement statement = connection_->prepare(check.sql);
      if (statement.step() && statement.integer(0) != 0)
        findings.push_back(std::to_string(statement.integer(0)) + " " + std::string(check.sentence));
    }
    return findings;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
