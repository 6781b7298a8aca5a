// The audit trail: who changed and read what, as a log of its own (log 2). Changes append their entries inside their
// own transactions (the implementations of AccountStore and CommitStore do it); reads are appended here. Written on the
// commit thread only; each reader thread reads with its own AuditReader.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "schema/core/result.hpp"
#include "server/store/rows.hpp"

namespace tocsin::store {

struct AuditEntry {
  std::int64_t at_us = 0;
  std::string text;  // canonical JSON (RFC 8785)
};

// An entry from its parts; `details` is a JSON object whose members stand beside action, at and by. It names accounts
// by the names they had, collections by their ids, and never holds a value, an id of content or a token.
[[nodiscard]] AuditEntry audit_entry(std::string_view action, std::int64_t at_us, Actor const& by,
                                     nlohmann::json details);

class AuditStore {
 public:
  virtual ~AuditStore() = default;

  // Appends in a transaction of their own: all or none. Errors: storage_full, storage_failed.
  [[nodiscard]] virtual core::Result<void> append(std::span<AuditEntry const> entries) = 0;

  // On whose behalf the changes that follow are made; returns who it was before. At first it is the program itself.
  virtual Actor act_for(Actor actor) = 0;
};

// The changes during its life are made on behalf of `actor`. Commit thread.
class ActingFor {
 public:
  ActingFor(AuditStore& audit, Actor actor) : audit_(audit), before_(audit.act_for(std::move(actor))) {}
  ~ActingFor() { audit_.act_for(std::move(before_)); }
  ActingFor(ActingFor const&) = delete;
  ActingFor& operator=(ActingFor const&) = delete;

 private:
  AuditStore& audit_;
  Actor before_;
};

// A stored entry with its leaf. Views live until the visitor returns.
struct AuditRow {
  std::uint64_t position = 0;
  std::int64_t at_us = 0;
  std::string_view entry, salt, leaf;  // leaf: empty when it is missing
};

struct AuditQuery {
  std::uint64_t first = 0;                         // position
  std::uint64_t last = UINT64_MAX;                 // not included
  std::optional<std::int64_t> since_us, until_us;  // until: not included
  std::string organisation;                        // that acted, or that the entry is about; empty: all
};

class AuditReader {
 public:
  virtual ~AuditReader() = default;

  [[nodiscard]] virtual core::Result<std::uint64_t> size() = 0;

  // In order of position; stops when the visitor returns false. Errors: storage_failed.
  [[nodiscard]] virtual core::Result<void> visit(AuditQuery const& query,
                                                 std::function<bool(AuditRow const&)> const& visitor) = 0;
};

}  // namespace tocsin::store
