#include "server/ledger/log_signer.hpp"

#include <utility>

namespace tocsin::ledger {

LogSigner::LogSigner(log::SignerKey key, FreshnessKey freshness, std::filesystem::path file,
                     std::optional<LogState> before)
    : key_(std::move(key)),
      freshness_(std::move(freshness)),
      file_(std::move(file)),
      last_(std::move(before)),
      seen_(!last_) {}

void LogSigner::pass(log::CompactRange const& log) {
  if (seen_ || log.size() != last_->log.size) return;
  seen_ = true;
  differs_ = log.root() != last_->log.root;
}

core::Result<std::string> LogSigner::sign(LogState next, std::uint64_t now_s) {
  if (!seen_ || differs_ || next.log.origin != origin() || (last_ && next.log.size < last_->log.size))
    return core::fail(core::Code::log_inconsistent,
                      "The log is not the one that " + file_.string() + " tells of: the database was exchanged.", "",
                      "Stop the server and run: tocsind check");
  bool const forward = !last_ || !last_->time_s || now_s >= *last_->time_s;
  next.time_s = forward ? now_s : *last_->time_s;
  if (auto noted = write_log_state(file_, next); !noted) return std::unexpected(noted.error());
  auto note = log::sign_checkpoint(next.log, key_);
  if (note && forward)
    if (auto added = note->add(log::cosign(*freshness_, note->text(), now_s)); !added)
      return std::unexpected(added.error());
  last_ = std::move(next);
  if (!note) return std::unexpected(note.error());
  return note->format();
}

std::optional<std::string> LogSigner::again() const {
  if (!last_) return std::nullopt;
  auto note = log::sign_checkpoint(last_->log, key_);
  if (!note) return std::nullopt;
  return note->format();
}

}  // namespace tocsin::ledger
