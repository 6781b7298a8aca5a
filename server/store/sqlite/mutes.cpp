#include "server/store/sqlite/mutes.hpp"

#include <nlohmann/json.hpp>

namespace tocsin::store::sqlite {
namespace {

constexpr char const* kColumns = "subject, kind, value, because, until, credential, added";

Mute mute_at(Statement const& row) {
  return {std::string(row.text(0)),
          std::string(row.text(1)),
          std::string(row.text(2)),
          std::string(row.text(3)),
          row.optional_integer(4),
          std::string(row.text(5)),
          row.integer(6)};
}

}  // namespace

core::Result<std::map<RowId, std::vector<Mute>>> Mutes::mutes() {
  try {
    std::map<RowId, std::vector<Mute>> out;
    Statement rows =
        connection_.prepare("SELECT " + std::string(kColumns) + ", organisation FROM mutes ORDER BY added, subject");
    while (rows.step()) out[rows.integer(7)].push_back(mute_at(rows));
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<Mute>> Mutes::mutes_of(RowId organisation) {
  try {
    std::vector<Mute> out;
    Statement rows = connection_.prepare("SELECT " + std::string(kColumns) +
                                         " FROM mutes WHERE organisation = ? ORDER BY added, subject");
    for (rows.start().bind(organisation); rows.step();) out.push_back(mute_at(rows));
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<void> Mutes::add(RowId organisation, Mute const& mute, std::size_t most) {
  try {
    Transaction transaction(connection_);
    Statement ended = connection_.prepare("DELETE FROM mutes WHERE organisation = ? AND until <= ?");
    ended.start().bind(organisation).bind(mute.added_us).run();
    Statement insert = connection_.prepare("INSERT OR REPLACE INTO mutes (organisation, " + std::string(kColumns) +
                                           ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    insert.start().bind(organisation).bind_blob(mute.subject).bind_text(mute.kind).bind_text(mute.value);
    insert.bind_text(mute.because).bind(mute.until_us).bind_text(mute.credential).bind(mute.added_us).run();
    if (count(organisation) > most)
      return core::fail(
          core::Code::conflict,
          "Your organisation has muted " + std::to_string(most) + " indicators and values, as many as one may.", "",
          "Unmute some, or give them an end.");
    note("mutes.add", organisation, mute.kind);
    transaction.commit();
    return {};
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<bool> Mutes::remove(RowId organisation, std::string const& subject) {
  try {
    Transaction transaction(connection_);
    Statement erase = connection_.prepare("DELETE FROM mutes WHERE organisation = ? AND subject = ? RETURNING kind");
    erase.start().bind(organisation).bind_blob(subject);
    if (!erase.step()) return false;
    std::string const kind(erase.text(0));
    erase.reset();
    note("mutes.remove", organisation, kind);
    transaction.commit();
    return true;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

void Mutes::note(std::string_view action, RowId organisation, std::string const& kind) {
  audit_.note(action, {{"organisation", audit_.organisation_name(organisation)},
                       {"of", kind.empty() ? std::string("indicator") : kind}});
}

std::size_t Mutes::count(RowId organisation) {
  Statement statement = connection_.prepare("SELECT count(*) FROM mutes WHERE organisation = ?");
  if (!statement.start().bind(organisation).step()) throw SqliteError(0, 0, "a count without a row");
  return static_cast<std::size_t>(statement.integer(0));
}

}  // namespace tocsin::store::sqlite
