// Re-derives the audit log from its entries: every leaf, the root, and the roots of checkpoints that were kept
// elsewhere. Owned by its user, one thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/log/compact_range.hpp"
#include "server/ledger/verify.hpp"
#include "server/store/audit_store.hpp"

namespace tocsin::ledger {

// What a checkpoint says that was signed earlier.
struct KnownRoot {
  std::uint64_t size = 0;
  core::Digest root{};
};

class AuditVerifier {
 public:
  explicit AuditVerifier(std::vector<KnownRoot> known);

  void add(store::AuditRow const& row);  // in order of position, from 0, none left out

  // `counted`: how many entries the store says there are. A finding is one sentence; at most 20 are kept.
  [[nodiscard]] LogVerdict finish(std::uint64_t counted);

 private:
  void finding(std::string sentence);
  void compare();

  std::vector<KnownRoot> known_;  // by size
  std::size_t compared_ = 0;
  log::CompactRange range_;
  std::vector<std::string> findings_;
};

}  // namespace tocsin::ledger
