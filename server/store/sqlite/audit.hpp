// The audit trail over SQLite: its writer on the writing connection, whose transactions the entries of changes are
// part of, and its reader on the connection of a reader thread. Owned by the database and by Reads.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "server/base/clock.hpp"
#include "server/store/audit_store.hpp"
#include "server/store/commit_store.hpp"
#include "server/store/control_store.hpp"
#include "server/store/origin_store.hpp"
#include "server/store/sqlite/connection.hpp"

namespace tocsin::store::sqlite {

class Audit final : public AuditStore {
 public:
  Audit(Connection& connection, base::Clock const& clock);

  core::Result<void> append(std::span<AuditEntry const> entries) override;
  Actor act_for(Actor actor) override { return std::exchange(actor_, std::move(actor)); }

  // Inside a transaction of the writing connection: the change and its entry are stored together or not at all. Throws
  // SqliteError.
  void note(std::string_view action, nlohmann::json details);                              // of whom act_for named
  void note(std::span<CommitPart const> parts, std::span<std::vector<Fate> const> fates);  // by part, by candidate
  void note(Withdrawal const& withdrawal, std::span<std::int64_t const> touched);
  void note(Erasure const& erasure, Erased const& erased);
  void note(Destroyed const& destroyed);
  void note(Retraction const& retraction, Retracted const& retracted);
  void note(Delivery const& delivery, std::span<Fate const> fates);

  // What entries call a row. Inside the same transaction.
  [[nodiscard]] std::string organisation_name(RowId organisation);
  [[nodiscard]] std::string collection_id(RowId collection);

 private:
  void insert(AuditEntry const& entry);
  std::string text_of(Statement& statement, RowId row);

  Connection& connection_;
  base::Clock const& clock_;
  Actor actor_;
  Statement next_, insert_entry_, insert_leaf_, collection_, organisation_;
};

class AuditReads final : public AuditReader {
 public:
  explicit AuditReads(Connection& connection) : connection_(connection) {}

  core::Result<std::uint64_t> size() override;
  core::Result<void> visit(AuditQuery const& query, std::function<bool(AuditRow const&)> const& visitor) override;

 private:
  Connection& connection_;
};

}  // namespace tocsin::store::sqlite
