#include "schema/log/submission.hpp"

#include <cstddef>
#include <optional>

#include "schema/core/bytes.hpp"
#include "schema/log/decimal.hpp"
#include "schema/log/lines.hpp"
#include "schema/log/note.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kOld = "old ";
constexpr std::size_t kLongestProof = 63;

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::proof_invalid, std::move(detail));
}

}  // namespace

std::string Submission::text() const {
  std::string out = std::string(kOld) + std::to_string(old_size) + "\n";
  for (auto const& hash : proof) out += core::to_base64(core::view(hash)) + "\n";
  return out + "\n" + checkpoint;
}

core::Result<Submission> Submission::parse(std::string_view text) {
  auto const first = next_line(text);
  if (!first || !first->starts_with(kOld)) return malformed("The first line is not `old` and a size.");
  auto const size = parse_decimal(first->substr(kOld.size()));
  if (!size) return malformed("The old size is not a number in decimal.");
  Submission out{*size, {}, {}};
  for (;;) {
    auto const line = next_line(text);
    if (!line) return malformed("There is no checkpoint behind a blank line.");
    if (line->empty()) break;
    auto const hash = core::to_array<32>(core::from_base64(*line).value_or(""));
    if (!hash) return malformed("A hash of the proof is not 32 bytes in base64.");
    if (out.proof.size() == kLongestProof) return malformed("The proof has more than 63 hashes.");
    out.proof.push_back(*hash);
  }
  if (auto const note = Note::parse(text); !note) return std::unexpected(note.error());
  out.checkpoint = text;
  return out;
}

}  // namespace tocsin::log
