// Entries of the control log: the part of Commits that appends them.
#include <nlohmann/json.hpp>

#include "server/store/sqlite/commits.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kControlLog = 1;

}  // namespace

core::Result<std::uint64_t> Commits::append(ControlEntry const& entry, std::string_view action) {
  try {
    load();
    Transaction transaction(connection_);
    insert_control(entry);
    audit_.note(action, {{"position", log_.control_size - 1}});
    transaction.commit();
    return static_cast<std::uint64_t>(log_.control_size - 1);
  } catch (SqliteError const& error) {
    forget();
    return std::unexpected(error.error());
  }
}

void Commits::insert_control(ControlEntry const& entry) {
  std::int64_t position = log_.control_size;
  connection_.prepare("INSERT INTO control_entries VALUES (?, ?, ?, ?, ?)")
      .start()
      .bind(position)
      .bind_text(entry.header)
      .bind_blob(core::view(entry.header_salt))
      .bind_blob(core::view(entry.body_salt))
      .bind_text(entry.body)
      .run();
  insert_leaf(kControlLog, position, entry.leaf, entry.entry);
  connection_.prepare("UPDATE counters SET control_size = ?").start().bind(position + 1).run();
  log_.control_size = position + 1;
}

}  // namespace tocsin::store::sqlite
