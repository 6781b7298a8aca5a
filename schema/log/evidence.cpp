#include "schema/log/evidence.hpp"

#include <cstddef>
#include <utility>

#include "schema/log/labelled_lines.hpp"
#include "schema/log/note.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kTitle = "tocsin/log-evidence/v1";
constexpr std::size_t kLongestProof = 64;  // between trees of less than 2^63 leaves

std::unexpected<core::Error> invalid(std::string detail) {
  return core::fail(core::Code::proof_invalid, std::move(detail));
}

std::string base64_of(core::Digest const& hash) { return core::to_base64(core::view(hash)); }

std::optional<core::Digest> hash_of(std::string_view text) {
  return core::to_array<32>(core::from_base64(text).value_or(""));
}

// A note in base64; that it is one is looked at here, so that what is kept is never something else.
core::Result<std::string> take_note(LabelledLines& lines, std::string const& label) {
  auto note = core::from_base64(lines.take(label).value_or(""));
  if (!note) return invalid("The evidence has no line `" + label + "` in base64.");
  if (auto const parsed = Note::parse(*note); !parsed) return std::unexpected(parsed.error());
  return *std::move(note);
}

core::Result<std::optional<Evidence::Beginning>> take_beginning(LabelledLines& lines) {
  auto const line = lines.take("root");
  if (!line) return std::nullopt;
  auto const root = hash_of(*line);
  if (!root) return invalid("The root of the evidence is not 32 bytes in base64.");
  Evidence::Beginning out{*root, {}};
  while (auto const part = lines.take("proof")) {
    auto const hash = hash_of(*part);
    if (!hash) return invalid("A hash of the evidence's proof is not 32 bytes in base64.");
    if (out.proof.size() == kLongestProof) return invalid("The evidence has more hashes than any log needs.");
    out.proof.push_back(*hash);
  }
  return out;
}

core::Result<Checkpoint> said_in(std::string const& bytes) {
  auto const note = Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  return parse_checkpoint(note->text());
}

}  // namespace

std::string Evidence::text() const {
  std::string out(kTitle);
  out += "\nlog " + log.text() + "\nfirst " + core::to_base64(first) + "\nsecond " + core::to_base64(second) + "\n";
  if (!beginning) return out;
  out += "root " + base64_of(beginning->root) + "\n";
  for (auto const& hash : beginning->proof) out += "proof " + base64_of(hash) + "\n";
  return out;
}

core::Result<Evidence> Evidence::parse(std::string_view text) {
  LabelledLines lines(text);
  if (!lines.take_title(kTitle)) return invalid("The first line is not that of evidence, or of another version.");
  auto log = VerifierKey::parse(lines.take("log").value_or(""));
  if (!log) return std::unexpected(log.error());
  auto first = take_note(lines, "first");
  if (!first) return std::unexpected(first.error());
  auto second = take_note(lines, "second");
  if (!second) return std::unexpected(second.error());
  auto beginning = take_beginning(lines);
  if (!beginning) return std::unexpected(beginning.error());
  Evidence out{*std::move(log), *std::move(first), *std::move(second), *std::move(beginning)};
  if (out.text() != text) return invalid("The evidence is not in its one exact form.");
  return out;
}

bool Evidence::begins(std::string_view text) { return text.starts_with(kTitle); }

core::Result<Contradiction> contradiction_of(Evidence const& evidence) {
  auto first = said_in(evidence.first), second = said_in(evidence.second);
  if (!first) return std::unexpected(first.error());
  if (!second) return std::unexpected(second.error());
  Contradiction out{*std::move(first), *std::move(second)};
  if (out.first.origin != out.second.origin) return invalid("The two statements are of two logs.");
  if (out.one_size()) {
    if (evidence.beginning) return invalid("Both trees have one size, and neither begins with the other.");
    if (out.first.root == out.second.root) return invalid("Both statements say the same.");
    return out;
  }
  if (!evidence.beginning) return invalid("The trees have two sizes, and nothing shows that they do not agree.");
  auto const& [root, proof] = *evidence.beginning;
  if (root == out.first.root) return invalid("The second tree begins with the first one.");
  auto const shown = verify_consistency({out.first.size, root}, {out.second.size, out.second.root}, proof);
  if (!shown) return std::unexpected(shown.error());
  return out;
}

core::Result<Contradiction> verify_evidence(Evidence const& evidence, VerifierKey const& log) {
  for (auto const* note : {&evidence.first, &evidence.second})
    if (auto opened = open_checkpoint(*note, log, {}); !opened) return std::unexpected(opened.error());
  return contradiction_of(evidence);
}

}  // namespace tocsin::log
