// What parses as a note is its canonical form: writing it gives back the bytes. No note that somebody else made up
// verifies with a key that has signed nothing.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "schema/log/checkpoint.hpp"
#include "schema/log/note.hpp"

namespace {

using namespace tocsin::log;
using tocsin::core::Code;

void require(bool holds) {
  if (!holds) std::abort();
}

// Names and numbers that the seeds use, so that verification is reached.
std::array<VerifierKey, 2> const& known_keys() {
  static std::array const keys{
      VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").value(),
      VerifierKey::parse("witness.example.net/w1+0abc1f19+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU").value()};
  return keys;
}

void check_refusal(tocsin::core::Error const& error, Code code) {
  require(error.code == code && !error.detail.empty() && error.detail.size() < 256);
}

void check_lines(std::string_view bytes) {
  auto const lines = parse_signature_lines(bytes);
  if (!lines) return check_refusal(lines.error(), Code::note_malformed);
  auto note = Note::from_text("\n").value();
  for (auto const& line : *lines) require(note.add(line).has_value());
  require(note.format().substr(2) == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<char const*>(data), size);
  check_lines(bytes);
  if (auto const key = VerifierKey::parse(bytes)) require(key->text() == bytes);
  if (auto const key = SignerKey::parse(bytes)) require(key->text() == bytes);
  auto const note = Note::parse(bytes);
  if (!note) {
    check_refusal(note.error(), Code::note_malformed);
    return 0;
  }
  require(tocsin::core::is_utf8(bytes) && note->format() == bytes);
  require(!note->signatures().empty() && note->signatures().size() <= kMaxNoteSignatures);
  require(Note::parse(note->format()) == *note);
  auto const verified = verify_note(*note, known_keys());
  if (!verified) {
    check_refusal(verified.error(), Code::note_unverified);
    return 0;
  }
  for (auto const& [key, time_s] : *verified)
    require(key < known_keys().size() && time_s.has_value() == (known_keys()[key].type() == KeyType::cosignature));
  return 0;
}
