#include "schema/log/recall_certificate.hpp"

#include <algorithm>
#include <utility>

#include "schema/core/bytes.hpp"
#include "schema/log/dependents.hpp"
#include "schema/log/labelled_lines.hpp"
#include "schema/log/note.hpp"

namespace tocsin::log {
namespace {

constexpr std::string_view kTitle = "tocsin/recall-certificate/v1", kOutstanding = "outstanding",
                           kDependents = "dependents", kProof = "proof";

std::unexpected<core::Error> malformed(std::string detail) {
  return core::fail(core::Code::proof_invalid, std::move(detail));
}

// What a peer may be called.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 60 && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

// What it says is verified with the relay's key, and not before.
core::Result<std::string> parse_dependents(std::string_view encoded) {
  auto bytes = core::from_base64(encoded);
  if (!bytes) return malformed("A statement of dependents in the certificate is not base64.");
  auto const note = Note::parse(*bytes);
  if (!note) return std::unexpected(note.error());
  if (auto const said = Dependents::parse(note->text()); !said) return std::unexpected(said.error());
  return *std::move(bytes);
}

core::Result<ProofFile> parse_proof(std::string_view encoded) {
  auto const text = core::from_base64(encoded);
  if (!text) return malformed("A proof of the certificate is not base64.");
  return ProofFile::parse(*text);
}

}  // namespace

std::string RecallCertificate::text() const {
  std::string out = std::string(kTitle) + "\n";
  for (auto const& name : outstanding) out.append(kOutstanding).append(" ").append(name).append("\n");
  for (auto const& note : of_dependents) out.append(kDependents).append(" ").append(core::to_base64(note)).append("\n");
  for (auto const& proof : proofs) out.append(kProof).append(" ").append(core::to_base64(proof.text())).append("\n");
  return out;
}

core::Result<RecallCertificate> RecallCertificate::parse(std::string_view text) {
  LabelledLines lines(text);
  if (!lines.take_title(kTitle))
    return malformed("The first line is not that of a certificate, or of another version.");
  RecallCertificate out;
  while (auto const name = lines.take(kOutstanding)) {
    if (!is_name(*name) || (!out.outstanding.empty() && out.outstanding.back() >= *name) ||
        out.outstanding.size() == kMostCertified)
      return malformed("A line `outstanding` of the certificate names no peer, or one twice.");
    out.outstanding.emplace_back(*name);
  }
  while (auto const encoded = lines.take(kDependents)) {
    auto note = parse_dependents(*encoded);
    if (!note) return std::unexpected(note.error());
    if ((!out.of_dependents.empty() && out.of_dependents.back() >= *note) || out.of_dependents.size() == kMostCertified)
      return malformed("The statements of dependents are not in order, or one is there twice.");
    out.of_dependents.push_back(*std::move(note));
  }
  while (auto const encoded = lines.take(kProof)) {
    if (out.proofs.size() == kMostCertified) return malformed("The certificate has too many proofs.");
    auto proof = parse_proof(*encoded);
    if (!proof) return std::unexpected(proof.error());
    if (!out.proofs.empty() && (proof->index != out.proofs.front().index || proof->extra != out.proofs.front().extra))
      return malformed("The proofs of the certificate are of different entries.");
    out.proofs.push_back(*std::move(proof));
  }
  if (out.proofs.empty()) return malformed("The certificate has no proof.");
  if (out.text() != text) return malformed("The certificate has lines that do not belong there.");
  return out;
}

bool RecallCertificate::begins(std::string_view text) { return text.starts_with(kTitle); }

}  // namespace tocsin::log
