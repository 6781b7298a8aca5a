// The table of what has to be destroyed, and when. Retention is owned by Commits, inside whose transactions it writes;
// RetentionReads by the reader whose connection it uses. Each on the thread of its owner.
#pragma once

#include <optional>
#include <vector>

#include "server/store/retention_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Retention {
 public:
  // The rule of what was shared until a moment; no name has this row.
  static constexpr RowId kShareUntil = 0;

  explicit Retention(Connection& connection);

  // A version as it is stored; `before`: the newest of its chain until then. Until when it was shared counts of every
  // version, so that no later one puts it off; that it holds no more counts of the newest alone.
  void keep(Candidate const& candidate, RowId kind, RowId version, std::optional<ChainState::Version> const& before);
  // The version that has been due longest by a rule, if any is; of what waits for an analyst, the negative of where.
  [[nodiscard]] std::optional<RowId> due(RowId rule, std::int64_t until_us);
  void forget(RowId version);  // that was destroyed

 private:
  void insert(RowId rule, std::int64_t at_us, RowId version);

  Statement insert_, supersede_, due_, forget_;
};

// Brings what was stored before the table was there into it: inside the transaction that makes it.
void fill_retention(Connection& connection);

class RetentionReads final : public RetentionReader {
 public:
  explicit RetentionReads(Connection& connection);

  core::Result<std::vector<Due>> due(std::span<RetentionRule const> rules) override;

 private:
  Connection& connection_;
  Statement name_, count_;
};

}  // namespace tocsin::store::sqlite
