// Who recalled much within an hour: the part of RecallReads that counts.
#include "server/store/sqlite/recalls.hpp"

namespace tocsin::store::sqlite {
namespace {

constexpr std::int64_t kWithinUs = 3'600'000'000;
constexpr std::size_t kFewest = 20;           // that are much: fewer are looked at one by one
constexpr std::int64_t kStandingForEach = 9;  // so many more stand, where a tenth was recalled

std::vector<RecalledLately> ended_since(Connection& connection, std::int64_t since_us) {
  std::vector<RecalledLately> out;
  Statement own = connection.prepare("SELECT sum(ended) FROM recalls WHERE made > ? AND ended > 0");
  if (own.start().bind(since_us).step())
    if (auto const ended = own.optional_integer(0)) out.push_back({0, "", static_cast<std::size_t>(*ended), false});
  Statement others = connection.prepare(
      "SELECT origin, o.name, sum(ended) FROM origin_control JOIN origins o USING (origin) "
      "WHERE applied > ? AND ended > 0 GROUP BY origin ORDER BY origin");
  for (others.start().bind(since_us); others.step();)
    out.push_back({others.integer(0), std::string(others.text(1)), static_cast<std::size_t>(others.integer(2)), false});
  return out;
}

// Whether so many objects of the origin stand, each once in each collection. What stands beyond is not looked at.
bool stand(Connection& connection, RowId origin, std::int64_t many) {
  Statement corners = connection.prepare(
      "SELECT DISTINCT c.collection, c.asserter FROM publication_counts c "
      "JOIN organisations o ON o.organisation = c.asserter WHERE o.origin = ?");
  Statement standing = connection.prepare(
      "SELECT count(*) FROM (SELECT 1 FROM publications INDEXED BY publications_by_asserter "
      "WHERE collection = ? AND asserter = ? AND place IN (2, 3) LIMIT ?)");  // the newest of a chain
  std::int64_t left = many;
  for (corners.start().bind(origin); left > 0 && corners.step();)
    if (standing.start().bind(corners.integer(0)).bind(corners.integer(1)).bind(left).step())
      left -= standing.integer(0);
  return left <= 0;
}

}  // namespace

core::Result<std::vector<RecalledLately>> RecallReads::recalled_lately(std::int64_t now_us) {
  try {
    auto out = ended_since(connection_, now_us - kWithinUs);
    for (auto& one : out)
      one.alarming = one.ended >= kFewest &&
                     !stand(connection_, one.origin, kStandingForEach * static_cast<std::int64_t>(one.ended));
    return out;
  } catch (SqliteError const& error) {
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
