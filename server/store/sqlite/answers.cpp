#include "server/store/sqlite/answers.hpp"

#include <vector>

namespace tocsin::store::sqlite {
namespace {

// Whether there is an id in it, TYPE--UUID, of one of these.
bool names_any(std::string_view answer, std::set<core::Uuid> const& objects) {
  constexpr std::string_view kBefore = "--";
  constexpr std::size_t kUuid = 36;
  for (auto at = answer.find(kBefore); at != std::string_view::npos; at = answer.find(kBefore, at + 1)) {
    auto const uuid = core::parse_uuid(answer.substr(at + kBefore.size(), kUuid));
    if (uuid && objects.contains(*uuid)) return true;
  }
  return false;
}

}  // namespace

Answers::Answers(Connection& connection)
    : insert_(connection.prepare("INSERT INTO kept_answers (organisation, key, request, kept, bytes, answer) "
                                 "VALUES (?, ?, ?, ?, ?, ?)")),
      // A part of them: whoever is in the same transaction waits for it. But all that has the key is in the way.
      expired_(connection.prepare(
          "SELECT kept_answer FROM (SELECT kept_answer FROM kept_answers WHERE kept <= ?1 ORDER BY kept LIMIT 100) "
          "UNION SELECT kept_answer FROM kept_answers WHERE organisation = ?2 AND key = ?3 AND kept <= ?1")),
      newest_(connection.prepare("SELECT kept_answer, bytes FROM kept_answers WHERE organisation = ? "
                                 "ORDER BY kept DESC")),
      remove_(connection.prepare("DELETE FROM kept_answers WHERE kept_answer = ?")),
      all_(connection.prepare("SELECT kept_answer, answer FROM kept_answers WHERE bytes > 0")),
      forget_(connection.prepare("UPDATE kept_answers SET request = randomblob(32), bytes = 0, answer = '' "
                                 "WHERE kept_answer = ?")) {}

void Answers::keep(KeptAnswer const& answer) {
  make_room(answer);
  insert_.start().bind(answer.organisation).bind_blob(core::view(answer.key)).bind_blob(core::view(answer.request));
  insert_.bind(answer.kept_us).bind(static_cast<std::int64_t>(answer.answer.size())).bind_text(answer.answer).run();
}

void Answers::make_room(KeptAnswer const& answer) {
  std::vector<std::int64_t> leaving;
  expired_.start().bind(answer.kept_us - kAnswersKeptUs).bind(answer.organisation).bind_blob(core::view(answer.key));
  while (expired_.step()) leaving.push_back(expired_.integer(0));
  expired_.reset();
  std::size_t count = 1, bytes = answer.answer.size();
  for (newest_.start().bind(answer.organisation); newest_.step();) {
    bytes += static_cast<std::size_t>(newest_.integer(1));
    if (++count > kMostKeptAnswers || bytes > kMostKeptBytes) leaving.push_back(newest_.integer(0));
  }
  newest_.reset();
  for (auto const row : leaving) remove_.start().bind(row).run();
}

void Answers::forget(std::set<core::Uuid> const& objects) {
  std::vector<std::int64_t> naming;
  for (all_.start(); all_.step();)
    if (names_any(all_.text(1), objects)) naming.push_back(all_.integer(0));
  all_.reset();
  for (auto const row : naming) forget_.start().bind(row).run();
}

AnswerReads::AnswerReads(Connection& connection)
    : connection_(connection),
      find_(connection.prepare("SELECT request, kept, answer FROM kept_answers "
                               "WHERE organisation = ? AND key = ? AND kept > ?")) {}

core::Result<std::optional<KeptAnswer>> AnswerReads::find(std::int64_t organisation, core::Digest const& key,
                                                          std::int64_t now_us) {
  try {
    std::optional<KeptAnswer> out;
    find_.start().bind(organisation).bind_blob(core::view(key)).bind(now_us - kAnswersKeptUs);
    if (find_.step())
      out = KeptAnswer{organisation, key, core::to_array<32>(find_.text(0)).value(), find_.integer(1),
                       std::string(find_.text(2))};
    find_.reset();
    return out;
  } catch (SqliteError const& error) {
    connection_.let_go();
    return std::unexpected(error.error());
  }
}

}  // namespace tocsin::store::sqlite
