// Proposals of releases over SQLite: written on the writing connection, read on that of a reader. Owned by the database
// and by Reads.
#pragma once

#include "server/store/release_store.hpp"
#include "server/store/sqlite/audit.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Releases final : public ReleaseStore {
 public:
  Releases(Connection& connection, Audit& audit) : connection_(connection), audit_(audit) {}

  core::Result<void> propose(ReleaseProposal const& proposal, std::int64_t since_us) override;
  core::Result<void> refuse(core::Uuid const& proposal, RowId organisation) override;

 private:
  [[nodiscard]] std::size_t count(RowId organisation);

  Connection& connection_;
  Audit& audit_;
};

class ReleaseReads final : public ReleaseReader {
 public:
  explicit ReleaseReads(Connection& connection);

  core::Result<std::vector<ReleaseProposal>> proposals(RowId organisation) override;

 private:
  Connection& connection_;
  Statement rows_;
};

}  // namespace tocsin::store::sqlite
