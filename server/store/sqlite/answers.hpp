// Kept answers over SQLite: writing is the commit transaction's part of them, on its thread; the reader is owned by the
// reader whose connection it uses, on its thread.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "server/store/kept_answer.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

// Inside the caller's transaction; throws SqliteError.
class Answers {
 public:
  explicit Answers(Connection& connection);

  // And lets go of some of what is too old, of anybody, and of what is too much, of the organisation.
  void keep(KeptAnswer const& answer);
  // Empties the answers that name one of these objects, of anybody. Their keys stay taken: no request is theirs.
  void forget(std::set<core::Uuid> const& objects);

 private:
  void make_room(KeptAnswer const& answer);

  Statement insert_, expired_, newest_, remove_, all_, forget_;
};

class AnswerReads final : public AnswerReader {
 public:
  explicit AnswerReads(Connection& connection);

  core::Result<std::optional<KeptAnswer>> find(std::int64_t organisation, core::Digest const& key,
                                               std::int64_t now_us) override;

 private:
  Connection& connection_;
  Statement find_;
};

}  // namespace tocsin::store::sqlite
