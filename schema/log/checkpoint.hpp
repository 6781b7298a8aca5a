// Checkpoints: what a log signs, and says of itself (C2SP tlog-checkpoint). Values of their users; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/log/note.hpp"

namespace tocsin::log {

struct Checkpoint {
  std::string origin;  // a key name: the log's
  std::uint64_t size = 0;
  core::Digest root{};

  friend bool operator==(Checkpoint const&, Checkpoint const&) = default;
};

// The text of the note: origin, size in decimal, root in base64, a line each.
[[nodiscard]] std::string format_checkpoint(Checkpoint const& checkpoint);
// Exactly what format_checkpoint writes. Extension lines are refused: some cosigners sign them and some do not, so they
// bind nothing. Error: checkpoint_malformed.
[[nodiscard]] core::Result<Checkpoint> parse_checkpoint(std::string_view text);

// Signed by the log's key, whose name must be the origin. Error: checkpoint_malformed.
[[nodiscard]] core::Result<Note> sign_checkpoint(Checkpoint const& checkpoint, SignerKey const& log);

struct OpenedCheckpoint {
  Checkpoint checkpoint;
  Note note;
  std::vector<Verified> cosigners;  // `key` is an index into the cosigners given
};

// A checkpoint signed by `log` itself (a key of type `signature`), whose name is its origin, and whoever of `cosigners`
// signed too. Errors: note_malformed; note_unverified (see verify_note; also when the log's own signature is missing,
// or the origin is another log's); checkpoint_malformed.
[[nodiscard]] core::Result<OpenedCheckpoint> open_checkpoint(std::string_view bytes, VerifierKey const& log,
                                                             std::span<VerifierKey const> cosigners);

// The log's name in the monitoring paths of witnesses (C2SP tlog-witness): hex of SHA-256(origin).
[[nodiscard]] std::string origin_hash(std::string_view origin);

}  // namespace tocsin::log
