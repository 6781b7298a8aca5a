// Signs the audit trail as it stands, and keeps what was signed in a file that only grows: copied elsewhere, it shows
// whoever rewrites the trail. Owned by app; any thread that may block and has an AuditReader.
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/compact_range.hpp"
#include "server/ledger/audit_verify.hpp"
#include "server/store/audit_store.hpp"

namespace tocsin::ledger {

// The file's notes, each followed by an empty line. Errors: note_malformed, note_unverified, checkpoint_malformed.
[[nodiscard]] core::Result<std::vector<KnownRoot>> parse_audit_checkpoints(std::string_view text,
                                                                           log::VerifierKey const& key);

class AuditCheckpoints {
 public:
  // The key's name is the origin of the audit log.
  AuditCheckpoints(log::SignerKey key, std::filesystem::path file);

  struct Signed {
    log::Checkpoint checkpoint;
    std::string note;
  };
  // Error: log_inconsistent, when the trail is not a continuation of what was signed before or an entry does not give
  // its leaf; those of the reader. Then nothing is signed.
  [[nodiscard]] core::Result<Signed> sign(store::AuditReader& reader);

  // Signs and appends to the file, when the trail has grown since the latest checkpoint there. Errors: those of sign;
  // storage_full, io_failed.
  [[nodiscard]] core::Result<void> publish(store::AuditReader& reader);

  [[nodiscard]] log::VerifierKey const& key() const { return key_.verifier(); }

 private:
  core::Result<Signed> sign_locked(store::AuditReader& reader);
  core::Result<void> load();
  core::Result<void> extend(store::AuditReader& reader, std::uint64_t size);

  log::SignerKey const key_;
  std::filesystem::path const file_;
  std::mutex mutex_;
  // Guarded by mutex_.
  log::CompactRange range_;
  std::optional<KnownRoot> published_;
  bool loaded_ = false;
};

}  // namespace tocsin::ledger
