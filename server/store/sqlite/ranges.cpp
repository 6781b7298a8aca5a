#include "server/store/sqlite/ranges.hpp"

#include <nlohmann/json.hpp>

namespace tocsin::store::sqlite {

core::Result<std::map<RowId, std::vector<OwnRange>>> Ranges::ranges() {
  try {
    std::map<RowId, std::vector<OwnRange>> out;
    Statement rows =
        connection_.prepare("SELECT organisation, text, credential, added FROM own_ranges ORDER BY organisation, text");
    while (rows.step())
      out[rows.integer(0)].push_back({std::string(rows.text(1)), std::string(rows.text(2)), rows.integer(3)});
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::vector<OwnRange>> Ranges::ranges_of(RowId organisation) {
  try {
    std::vector<OwnRange> out;
    Statement rows =
        connection_.prepare("SELECT text, credential, added FROM own_ranges WHERE organisation = ? ORDER BY text");
    rows.start().bind(organisation);
    while (rows.step()) out.push_back({std::string(rows.text(0)), std::string(rows.text(1)), rows.integer(2)});
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::size_t> Ranges::add(RowId organisation, std::span<OwnRange const> ranges, std::size_t most) {
  try {
    Transaction transaction(connection_);
    std::size_t before = count(organisation);
    Statement insert = connection_.prepare(
        "INSERT INTO own_ranges (organisation, text, credential, added) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
    for (OwnRange const& range : ranges)
      insert.start().bind(organisation).bind_text(range.text).bind_text(range.credential).bind(range.added_us).run();
    std::size_t after = count(organisation);
    if (after > most)
      return core::fail(core::Code::conflict,
                        "Your organisation would have " + std::to_string(after) + " ranges, and may have " +
                            std::to_string(most) + ".",
                        "", "Remove some, or register wider ones instead of their parts.");
    note("ranges.add", organisation, after - before);
    transaction.commit();
    return after - before;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

core::Result<std::size_t> Ranges::remove(RowId organisation, std::span<std::string const> texts) {
  try {
    Transaction transaction(connection_);
    std::size_t before = count(organisation);
    Statement erase = connection_.prepare("DELETE FROM own_ranges WHERE organisation = ? AND text = ?");
    for (std::string const& text : texts) erase.start().bind(organisation).bind_text(text).run();
    std::size_t removed = before - count(organisation);
    note("ranges.remove", organisation, removed);
    transaction.commit();
    return removed;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

// A request that changed nothing is no change.
void Ranges::note(std::string_view action, RowId organisation, std::size_t changed) {
  if (changed > 0) audit_.note(action, {{"organisation", audit_.organisation_name(organisation)}, {"ranges", changed}});
}

std::size_t Ranges::count(RowId organisation) {
  Statement statement = connection_.prepare("SELECT count(*) FROM own_ranges WHERE organisation = ?");
  if (!statement.start().bind(organisation).step()) throw SqliteError(0, 0, "a count without a row");
  return static_cast<std::size_t>(statement.integer(0));
}

}  // namespace tocsin::store::sqlite
