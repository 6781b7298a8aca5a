#include "schema/log/proof_file.hpp"

#include <optional>

#include "schema/core/bytes.hpp"
#include "schema/log/decimal.hpp"
#include "schema/log/lines.hpp"
#include "schema/log/note.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kFirstLine = "c2sp.org/tlog-proof@v1\n", kExtra = "extra ", kIndex = "index ";
constexpr std::size_t kLongestPath = 63;  // of a tree of less than 2^63 leaves

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::proof_invalid, std::move(detail));
}

core::Result<std::string> read_extra(std::string_view& text) {
  if (!text.starts_with(kExtra)) return std::string();
  auto const line = next_line(text);
  auto const extra = line ? core::from_base64(line->substr(kExtra.size())) : std::nullopt;
  if (!extra || extra->empty()) return malformed("The line `extra` of the proof is not base64.");
  return *extra;
}

core::Result<std::uint64_t> read_index(std::string_view& text) {
  auto const line = next_line(text);
  if (!line || !line->starts_with(kIndex)) return malformed("The proof has no line `index`.");
  auto const index = parse_decimal(line->substr(kIndex.size()));
  if (!index) return malformed("The index of the proof is not a number in decimal.");
  return *index;
}

// As far as the blank line, which is cut off too.
core::Result<Proof> read_path(std::string_view& text) {
  Proof path;
  for (;;) {
    auto const line = next_line(text);
    if (!line) return malformed("The proof has no checkpoint.");
    if (line->empty()) return path;
    auto const hash = core::to_array<32>(core::from_base64(*line).value_or(""));
    if (!hash) return malformed("A hash of the proof is not 32 bytes in base64.");
    if (path.size() == kLongestPath) return malformed("The proof has more hashes than any log needs.");
    path.push_back(*hash);
  }
}

}  // namespace

std::string ProofFile::text() const {
  std::string out(kFirstLine);
  if (!extra.empty()) out.append(kExtra).append(core::to_base64(extra)).append("\n");
  out.append(kIndex).append(std::to_string(index)).append("\n");
  for (auto const& hash : path) out.append(core::to_base64(core::view(hash))).append("\n");
  return out.append("\n").append(checkpoint);
}

core::Result<ProofFile> ProofFile::parse(std::string_view text) {
  if (!begins(text)) return malformed("The first line is not that of a proof, or of another version.");
  text.remove_prefix(kFirstLine.size());
  auto extra = read_extra(text);
  if (!extra) return std::unexpected(extra.error());
  auto const index = read_index(text);
  if (!index) return std::unexpected(index.error());
  auto path = read_path(text);
  if (!path) return std::unexpected(path.error());
  if (auto const note = Note::parse(text); !note) return std::unexpected(note.error());
  return ProofFile{*std::move(extra), *index, *std::move(path), std::string(text)};
}

bool ProofFile::begins(std::string_view text) { return text.starts_with(kFirstLine); }

}  // namespace tocsin::log
