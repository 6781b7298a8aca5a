#include "schema/log/note.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "schema/core/bytes.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";
constexpr std::size_t kIdBytes = 4, kTimeBytes = 8, kSignatureBytes = 64;

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::note_malformed, std::move(detail));
}

std::unexpected<core::Error> unverified(std::string detail) {
  return core::fail(core::Code::note_unverified, std::move(detail));
}

template <std::size_t N>
void append_big_endian(std::string& out, std::uint64_t value) {
  for (std::size_t i = N; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (char c : bytes) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

bool is_note_text(std::string_view text) {
  auto const control = [](char c) { return static_cast<std::uint8_t>(c) < 0x20 && c != '\n'; };
  return core::is_utf8(text) && std::ranges::none_of(text, control);
}

std::string line_of(NoteSignature const& signature) {
  std::string payload;
  append_big_endian<kIdBytes>(payload, signature.id);
  payload += signature.bytes;
  return std::string(kDash) + signature.name + " " + core::to_base64(payload) + "\n";
}

std::optional<NoteSignature> parse_line(std::string_view line) {
  if (!line.starts_with(kDash)) return std::nullopt;
  line.remove_prefix(kDash.size());
  auto const space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return std::nullopt;
  auto const payload = core::from_base64(line.substr(space + 1));
  if (!payload || payload->size() <= kIdBytes) return std::nullopt;
  return NoteSignature{std::string(line.substr(0, space)),
                       static_cast<std::uint32_t>(big_endian(std::string_view(*payload).substr(0, kIdBytes))),
                       payload->substr(kIdBytes)};
}

std::string cosigned_message(std::uint64_t time_s, std::string_view text) {
  return std::string("cosignature/v1\ntime ").append(std::to_string(time_s)).append("\n").append(text);
}

void require_type(SignerKey const& key, KeyType type) {
  if (key.verifier().type() != type) throw std::logic_error("a note was to be signed with a key of another type");
}

NoteSignature signed_by(SignerKey const& key, std::string bytes) {
  return {key.verifier().name(), key.verifier().id(), std::move(bytes)};
}

// The time of a cosignature, 0 for a plain signature; nullopt when it does not verify.
std::optional<std::uint64_t> check(VerifierKey const& key, std::string_view text, std::string_view bytes) {
  bool const timed = key.type() == KeyType::cosignature;
  if (bytes.size() != kSignatureBytes + (timed ? kTimeBytes : 0)) return std::nullopt;
  std::uint64_t const time_s = timed ? big_endian(bytes.substr(0, kTimeBytes)) : 0;
  if (time_s > INT64_MAX) return std::nullopt;
  auto const signature = *core::to_array<kSignatureBytes>(bytes.substr(bytes.size() - kSignatureBytes));
  bool const good = timed ? verify(key.public_key(), cosigned_message(time_s, text), signature)
                          : verify(key.public_key(), text, signature);
  return good ? std::optional(time_s) : std::nullopt;
}

}  // namespace

core::Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines) {
  if (lines.empty() || lines.back() != '\n')
    return malformed("The signatures are missing, or the last one has no newline.");
  if (lines.size() > kMaxNoteBytes) return malformed("The signatures are longer than 1,000,000 bytes.");
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    if (signatures.size() == kMaxNoteSignatures) return malformed("There are more than 100 signatures.");
    auto const end = lines.find('\n');
    auto signature = parse_line(lines.substr(0, end));
    if (!signature) return malformed("Signature line " + std::to_string(signatures.size() + 1) + " is malformed.");
    signatures.push_back(std::move(*signature));
    lines.remove_prefix(end + 1);
  }
  return signatures;
}

core::Result<Note> Note::from_text(std::string text) {
  if (text.size() > kMaxNoteBytes) return malformed("The note is longer than 1,000,000 bytes.");
  if (!text.ends_with('\n')) return malformed("The text of the note does not end with a newline.");
  if (!is_note_text(text)) return malformed("The note is not UTF-8, or has a control character other than newline.");
  Note note;
  note.text_ = std::move(text);
  return note;
}

core::Result<Note> Note::parse(std::string_view bytes) {
  if (bytes.size() > kMaxNoteBytes) return malformed("The note is longer than 1,000,000 bytes.");
  auto const blank = bytes.rfind("\n\n");  // the last one: the text may have blank lines
  if (blank == std::string_view::npos)
    return malformed("The note has no blank line before its signatures: it is not whole.");
  auto note = from_text(std::string(bytes.substr(0, blank + 1)));
  if (!note) return note;
  auto signatures = parse_signature_lines(bytes.substr(blank + 2));
  if (!signatures) return std::unexpected(signatures.error());
  note->signatures_ = std::move(*signatures);
  return note;
}

core::Result<void> Note::add(NoteSignature signature) {
  if (signatures_.size() == kMaxNoteSignatures) return malformed("The note has 100 signatures already.");
  if (format().size() + line_of(signature).size() > kMaxNoteBytes)
    return malformed("With this signature the note is longer than 1,000,000 bytes.");
  signatures_.push_back(std::move(signature));
  return {};
}

std::string Note::format() const {
  std::string out = text_ + "\n";
  for (auto const& signature : signatures_) out += line_of(signature);
  return out;
}

NoteSignature sign(SignerKey const& key, std::string_view text) {
  require_type(key, KeyType::signature);
  return signed_by(key, std::string(core::view(key.sign(text))));
}

NoteSignature cosign(SignerKey const& key, std::string_view text, std::uint64_t time_s) {
  require_type(key, KeyType::cosignature);
  if (time_s > INT64_MAX) throw std::logic_error("a cosignature's time is below 2^63");
  std::string bytes;
  append_big_endian<kTimeBytes>(bytes, time_s);
  bytes += core::view(key.sign(cosigned_message(time_s, text)));
  return signed_by(key, std::move(bytes));
}

core::Result<std::vector<Verified>> verify_note(Note const& note, std::span<VerifierKey const> keys) {
  std::vector<std::optional<std::uint64_t>> times(keys.size());
  for (auto const& signature : note.signatures()) {
    auto const key = std::ranges::find_if(
        keys, [&](VerifierKey const& known) { return known.id() == signature.id && known.name() == signature.name; });
    if (key == keys.end()) continue;
    auto const time_s = check(*key, note.text(), signature.bytes);
    if (!time_s) return unverified("A signature that names a known key does not verify.");
    auto& latest = times[static_cast<std::size_t>(key - keys.begin())];
    latest = std::max(latest.value_or(0), *time_s);
  }
  std::vector<Verified> verified;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!times[i]) continue;
    verified.push_back({i, keys[i].type() == KeyType::cosignature ? times[i] : std::nullopt});
  }
  if (verified.empty()) return unverified("The note has no signature of a known key.");
  return verified;
}

}  // namespace tocsin::log
