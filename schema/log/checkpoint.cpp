#include "schema/log/checkpoint.hpp"

#include <array>
#include <utility>

#include "schema/core/digest.hpp"
#include "schema/log/decimal.hpp"
#include "schema/log/hash.hpp"

namespace tocsin::log {
namespace {

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::checkpoint_malformed, std::move(detail));
}

core::Result<void> well_formed(Checkpoint const& checkpoint) {
  if (!is_key_name(checkpoint.origin))
    return malformed("The origin is empty or has a space, a control character or a '+'.");
  if (checkpoint.size == 0 && checkpoint.root != empty_root())
    return malformed("The log is empty, and its root is not the root of the empty log.");
  return {};
}

}  // namespace

std::string format_checkpoint(Checkpoint const& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         core::to_base64(core::view(checkpoint.root)) + "\n";
}

core::Result<Checkpoint> parse_checkpoint(std::string_view text) {
  std::array<std::string_view, 3> lines;
  for (auto& line : lines) {
    auto const end = text.find('\n');
    if (end == std::string_view::npos) return malformed("The checkpoint has fewer than three lines.");
    line = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  if (!text.empty()) return malformed("The checkpoint has more than three lines.");
  auto const size = parse_decimal(lines[1]);
  if (!size) return malformed("The second line is not a size in decimal.");
  auto const bytes = core::from_base64(lines[2]);
  auto const root = core::to_array<32>(bytes.value_or(""));
  if (!root) return malformed("The third line is not a root of 32 bytes in base64.");
  Checkpoint checkpoint{std::string(lines[0]), *size, *root};
  if (auto good = well_formed(checkpoint); !good) return std::unexpected(good.error());
  return checkpoint;
}

core::Result<Note> sign_checkpoint(Checkpoint const& checkpoint, SignerKey const& log) {
  if (checkpoint.origin != log.verifier().name()) return malformed("The origin is not the name of the key that signs.");
  if (checkpoint.size > kMaxTreeSize) return malformed("The size of the log is beyond 2^63 - 1.");
  if (auto good = well_formed(checkpoint); !good) return std::unexpected(good.error());
  auto note = Note::from_text(format_checkpoint(checkpoint));
  if (!note) return note;
  if (auto added = note->add(sign(log, note->text())); !added) return std::unexpected(added.error());
  return note;
}

core::Result<OpenedCheckpoint> open_checkpoint(std::string_view bytes, VerifierKey const& log,
                                               std::span<VerifierKey const> cosigners) {
  if (log.type() != KeyType::signature)
    return core::fail(core::Code::note_unverified, "The key given for the log is one for cosignatures.");
  auto note = Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  auto own = verify_note(*note, std::span(&log, 1));
  if (!own) return std::unexpected(own.error());
  auto checkpoint = parse_checkpoint(note->text());
  if (!checkpoint) return std::unexpected(checkpoint.error());
  if (checkpoint->origin != log.name())
    return core::fail(core::Code::note_unverified,
                      "The checkpoint is signed by this log's key and names another origin.");
  std::vector<VerifierKey> keys{log};
  keys.insert(keys.end(), cosigners.begin(), cosigners.end());
  auto verified = verify_note(*note, keys);
  if (!verified) return std::unexpected(verified.error());
  OpenedCheckpoint opened{std::move(*checkpoint), std::move(*note), {}};
  for (auto const& [key, time_s] : *verified) {
    if (key > 0) opened.cosigners.push_back({key - 1, time_s});
  }
  return opened;
}

std::string origin_hash(std::string_view origin) { return core::to_hex(core::view(core::sha256(origin))); }

}  // namespace tocsin::log
