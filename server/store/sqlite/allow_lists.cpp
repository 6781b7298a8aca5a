#include "server/store/sqlite/allow_lists.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace tocsin::store::sqlite {
namespace {

core::Error of_another_kind() {
  return {core::Code::conflict, "There is a list of this name, of another kind.", "",
          "Choose another name, or remove the list first."};
}

core::Error too_many(std::size_t count, std::size_t most) {
  return {
      core::Code::conflict,
      "All lists together would have " + std::to_string(count) + " entries, and may have " + std::to_string(most) + ".",
      "", "Remove a list, or name wider networks instead of their parts."};
}

}  // namespace

core::Result<std::vector<AllowList>> AllowListTable::lists() {
  try {
    std::vector<AllowList> out;
    Statement lists = connection_.prepare("SELECT allow_list, name, kind, changed FROM allow_lists ORDER BY name");
    Statement entries = connection_.prepare("SELECT text FROM allow_entries WHERE allow_list = ? ORDER BY text");
    while (lists.step()) {
      AllowList list{std::string(lists.text(1)), static_cast<AllowKind>(lists.integer(2)), lists.integer(3)};
      entries.start().bind(lists.integer(0));
      while (entries.step()) list.entries.emplace_back(entries.text(0));
      out.push_back(std::move(list));
    }
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<AllowListStore::Change> AllowListTable::write(AllowList const& list, bool replace, std::size_t most) {
  try {
    Transaction transaction(connection_);
    auto const there = find(list.name);
    if (there && there->kind != list.kind) return std::unexpected(of_another_kind());
    RowId const row = there ? there->row : made(list);
    std::size_t const removed = replace ? erase_all(row) : 0, before = count();
    Statement insert = connection_.prepare("INSERT INTO allow_entries VALUES (?, ?) ON CONFLICT DO NOTHING");
    for (auto const& entry : list.entries) insert.start().bind(row).bind_text(entry).run();
    std::size_t const after = count();
    if (after > most) return std::unexpected(too_many(after, most));
    Change const change{after - before, removed};
    note_changed(row, list.changed_us);
    audit_.note("allow-list.write", {{"list", list.name}, {"added", change.added}, {"removed", change.removed}});
    transaction.commit();
    return change;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<AllowListStore::Change> AllowListTable::remove(std::string const& name,
                                                            std::vector<std::string> const& entries,
                                                            std::int64_t now_us) {
  try {
    Transaction transaction(connection_);
    auto const there = find(name);
    if (!there)
      return core::fail(core::Code::not_found, "There is no such allow list.", "", "See which there are with a list.");
    Change change;
    if (entries.empty()) {
      change.removed = erase_all(there->row);
      connection_.prepare("DELETE FROM allow_lists WHERE allow_list = ?").start().bind(there->row).run();
    } else {
      std::size_t const before = count();
      Statement erase = connection_.prepare("DELETE FROM allow_entries WHERE allow_list = ? AND text = ?");
      for (auto const& entry : entries) erase.start().bind(there->row).bind_text(entry).run();
      change.removed = before - count();
      note_changed(there->row, now_us);
    }
    audit_.note("allow-list.remove", {{"list", name}, {"removed", change.removed}, {"whole", entries.empty()}});
    transaction.commit();
    return change;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

std::optional<AllowListTable::Found> AllowListTable::find(std::string const& name) {
  Statement row = connection_.prepare("SELECT allow_list, kind FROM allow_lists WHERE name = ?");
  if (!row.start().bind_text(name).step()) return std::nullopt;
  return Found{row.integer(0), static_cast<AllowKind>(row.integer(1))};
}

RowId AllowListTable::made(AllowList const& list) {
  Statement insert = connection_.prepare("INSERT INTO allow_lists (name, kind, changed) VALUES (?, ?, ?)");
  insert.start().bind_text(list.name).bind(static_cast<std::int64_t>(list.kind)).bind(list.changed_us).run();
  return connection_.last_insert();
}

void AllowListTable::note_changed(RowId list, std::int64_t now_us) {
  connection_.prepare("UPDATE allow_lists SET changed = ? WHERE allow_list = ?").start().bind(now_us).bind(list).run();
}

std::size_t AllowListTable::erase_all(RowId list) {
  std::size_t const before = count();
  connection_.prepare("DELETE FROM allow_entries WHERE allow_list = ?").start().bind(list).run();
  return before - count();
}

std::size_t AllowListTable::count() {
  Statement statement = connection_.prepare("SELECT count(*) FROM allow_entries");
  if (!statement.start().step()) throw SqliteError(0, 0, "a count without a row");
  return static_cast<std::size_t>(statement.integer(0));
}

}  // namespace tocsin::store::sqlite
