// Entries of the control log: what an instance says about its own log. A header, in canonical JSON, gives the place in
// the data log that the entry speaks after; the body is a statement, a signed note, so that it stands on its own
// outside the log. Values of their users; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "schema/log/checkpoint.hpp"
#include "schema/log/keys.hpp"

namespace tocsin::log {

struct ControlHeader {
  std::string op;   // "key", "loss", "erase" or "recall"; or what only a later version knows
  Checkpoint data;  // origin, and size and root of the data log when this was said; the size is below 2^53

  // {"data_root":"<base64>","data_size":n,"log":"control","op":"…","origin":"…","v":1}
  [[nodiscard]] std::string text() const;
  // Exactly what text() writes; an op that is not known has up to 32 lower-case letters and hyphens. Errors:
  // not_an_object, property_value; those of stix::parse_json.
  [[nodiscard]] static core::Result<ControlHeader> parse(std::string_view text);

  friend bool operator==(ControlHeader const&, ControlHeader const&) = default;
};

// The log is signed with `next` from now on; signed by both keys.
struct KeyChange {
  VerifierKey old, next;  // both named as the origin
  std::uint64_t time_s = 0;

  friend bool operator==(KeyChange const&, KeyChange const&) = default;
};

// Whatever the log held beyond this size is lost, and it goes on from there with another key; signed by the root key.
struct Loss {
  Checkpoint last;
  VerifierKey next;
  std::uint64_t time_s = 0;

  friend bool operator==(Loss const&, Loss const&) = default;
};

// What these leaves of the data log were made of was destroyed; signed with the key of the log.
struct Erasure {
  VerifierKey by;                      // named as the origin
  std::vector<std::uint64_t> indices;  // ascending, at least one
  std::uint64_t time_s = 0;

  friend bool operator==(Erasure const&, Erasure const&) = default;
};

// What becomes of entries that are recalled: they are shown no more until a restore; or for good, as they are revoked;
// or they are shown again.
enum class RecallAction : std::uint8_t { suppress, withdraw, restore };
enum class RecallReason : std::uint8_t { wrong, overshared, personal_data, ended, duplicate, other };
[[nodiscard]] std::string_view name(RecallAction action);
[[nodiscard]] std::string_view name(RecallReason reason);  // with hyphens
[[nodiscard]] std::optional<RecallAction> parse_recall_action(std::string_view text);
[[nodiscard]] std::optional<RecallReason> parse_recall_reason(std::string_view text);

// Who holds these leaves of the data log is asked to do so, and to say when it is done; signed with the key of the log.
struct Recall {
  VerifierKey by;                      // named as the origin
  std::vector<std::uint64_t> indices;  // ascending, at least one
  RecallAction action = RecallAction::suppress;
  RecallReason reason = RecallReason::other;
  std::uint64_t deadline_s = 0;  // by when; not before time_s
  std::uint64_t time_s = 0;

  friend bool operator==(Recall const&, Recall const&) = default;
};

using Statement = std::variant<KeyChange, Loss, Erasure, Recall>;

// The text of the note: one field a line, the first names the kind and its version.
[[nodiscard]] std::string format_statement(Statement const& statement);
// Exactly what format_statement writes. Errors: note_malformed, key_malformed, checkpoint_malformed.
[[nodiscard]] core::Result<Statement> parse_statement(std::string_view text);

// Errors: those of Note.
[[nodiscard]] core::Result<Note> sign_key_change(SignerKey const& old, SignerKey const& next, std::uint64_t time_s);
[[nodiscard]] core::Result<Note> sign_loss(Loss const& loss, SignerKey const& root);
[[nodiscard]] core::Result<Note> sign_erasure(std::vector<std::uint64_t> indices, SignerKey const& log,
                                              std::uint64_t time_s);
// `recall.by` is the key of `log`.
[[nodiscard]] core::Result<Note> sign_recall(Recall const& recall, SignerKey const& log);

// A key change that both keys signed. A loss that `root` signed. An erasure or a recall that the key it names signed.
// Errors: note_malformed, note_unverified, and those of parse_statement.
[[nodiscard]] core::Result<KeyChange> open_key_change(std::string_view note);
[[nodiscard]] core::Result<Loss> open_loss(std::string_view note, VerifierKey const& root);
[[nodiscard]] core::Result<Erasure> open_erasure(std::string_view note);
[[nodiscard]] core::Result<Recall> open_recall(std::string_view note);

}  // namespace tocsin::log
