#include "schema/log/peering.hpp"

#include <span>
#include <utility>

#include "schema/core/digest.hpp"
#include "schema/log/decimal.hpp"
#include "schema/log/labelled_lines.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kInvitation = "tocsin/peer-invitation/v1", kAcceptance = "tocsin/peer-acceptance/v1",
                           kPrefix = "tocsin-peer-", kFingerprint = "tocsin/peer-fingerprint/v1\n";
constexpr std::size_t kWords = 8;

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::note_malformed, std::move(detail));
}

core::Result<Manifest> manifest_of(Introduction const& introduction) {
  return open_manifest(introduction.manifest, introduction.root);
}

// Reads "invitation" and "invited-by"; false when they are not as they are written.
bool take_answered(LabelledLines& lines, Introduction::Answered& answered) {
  auto const id = core::parse_uuid(lines.take("invitation").value_or(""));
  auto const text = core::to_array<32>(core::from_hex(lines.take("invited-by").value_or("")).value_or(""));
  if (!id || !text) return false;
  answered = {*id, *text};
  return true;
}

std::string word_of(unsigned bits) {
  constexpr std::string_view kConsonants = "bdfghjklmnprstvz", kVowels = "aiou";
  return {kConsonants[bits >> 12 & 15], kVowels[bits >> 10 & 3], kConsonants[bits >> 6 & 15], kVowels[bits >> 4 & 3],
          kConsonants[bits & 15]};
}

}  // namespace

std::string format_introduction(Introduction const& introduction) {
  std::string text(introduction.answers ? kAcceptance : kInvitation);
  text += "\nid " + core::to_text(introduction.id);
  if (introduction.answers)
    text += "\ninvitation " + core::to_text(introduction.answers->id) + "\ninvited-by " +
            core::to_hex(core::view(introduction.answers->text));
  text += "\nuntil " + std::to_string(introduction.until_s) + "\nroot " + introduction.root.text();
  return text + "\nmanifest " + core::to_base64(introduction.manifest) + "\n";
}

core::Result<Introduction> parse_introduction(std::string_view text) {
  LabelledLines lines(text);
  bool const acceptance = lines.take_title(kAcceptance);
  if (!acceptance && !lines.take_title(kInvitation))
    return malformed("The line is no invitation of a peer, nor the answer to one, that this version knows.");
  auto const id = core::parse_uuid(lines.take("id").value_or(""));
  Introduction::Answered answered;
  if (!id || (acceptance && !take_answered(lines, answered)))
    return malformed("The line does not say which invitation it is, or answers.");
  auto const until = parse_decimal(lines.take("until").value_or(""));
  if (!until) return malformed("The line does not say until when it holds.");
  auto root = VerifierKey::parse(lines.take("root").value_or(""));
  if (!root) return std::unexpected(root.error());
  auto manifest = core::from_base64(lines.take("manifest").value_or(""));
  if (!manifest) return malformed("The manifest of the line is not in base64.");
  Introduction out{*id, std::nullopt, *until, *std::move(root), *std::move(manifest)};
  if (acceptance) out.answers = answered;
  if (format_introduction(out) != text) return malformed("The line is not in its one exact form.");
  return out;
}

core::Result<std::string> write_introduction(Introduction const& introduction, SignerKey const& log) {
  auto const manifest = manifest_of(introduction);
  if (!manifest) return std::unexpected(manifest.error());
  if (manifest->log != log.verifier())
    return core::fail(core::Code::note_unverified, "The manifest names another key of the log.");
  auto note = Note::from_text(format_introduction(introduction));
  if (!note) return std::unexpected(note.error());
  if (auto added = note->add(sign(log, note->text())); !added) return std::unexpected(added.error());
  return std::string(kPrefix) + core::to_base64url(note->format());
}

core::Result<OpenedIntroduction> open_introduction(std::string_view line) {
  auto const bytes = line.starts_with(kPrefix) && line.size() <= 2 * kMaxNoteBytes
                         ? core::from_base64url(line.substr(kPrefix.size()))
                         : std::nullopt;
  if (!bytes) return malformed("The line does not begin with tocsin-peer-, or is not whole.");
  auto const note = Note::parse(*bytes);
  if (!note) return std::unexpected(note.error());
  auto introduction = parse_introduction(note->text());
  if (!introduction) return std::unexpected(introduction.error());
  auto manifest = manifest_of(*introduction);
  if (!manifest) return std::unexpected(manifest.error());
  if (auto verified = verify_note(*note, std::span(&manifest->log, 1)); !verified)
    return std::unexpected(verified.error());
  return OpenedIntroduction{*std::move(introduction), *std::move(manifest), note->text()};
}

core::Digest fingerprint(std::string_view acceptance_text) {
  return core::Sha256().update(kFingerprint).update(acceptance_text).finish();
}

std::string fingerprint_words(core::Digest const& fingerprint) {
  std::string out;
  for (std::size_t i = 0; i < kWords; ++i)
    out += (i == 0 ? "" : " ") + word_of(static_cast<unsigned>(fingerprint[2 * i] << 8 | fingerprint[2 * i + 1]));
  return out;
}

}  // namespace tocsin::log
