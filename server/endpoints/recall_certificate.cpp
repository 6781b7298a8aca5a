// What shows that a recall was made, and who applied it: schema/openapi.yaml, certifyRecall.
#include "schema/log/recall_certificate.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "schema/log/checkpoint.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/recall_status.hpp"
#include "server/endpoints/told_recalls.hpp"
#include "server/ledger/log_proofs.hpp"

namespace tocsin::endpoints {
namespace {

using Notes = std::map<std::uint64_t, log::Note>;  // of the control log, by size

// Of one size there is one note, with everybody's signatures.
core::Result<void> add(Notes& notes, std::string const& bytes) {
  auto note = log::Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  auto const checkpoint = log::parse_checkpoint(note->text());
  if (!checkpoint) return std::unexpected(checkpoint.error());
  auto const [at, fresh] = notes.try_emplace(checkpoint->size, *note);
  if (fresh) return {};
  for (auto const& line : note->signatures())
    if (std::ranges::find(at->second.signatures(), line) == at->second.signatures().end())
      if (auto added = at->second.add(line); !added) return added;
  return {};
}

// Under the newest checkpoint, and under those that peers acknowledged.
core::Result<std::vector<log::ProofFile>> prove_all(store::ReadStore& reader, ledger::PublishedLog const& log,
                                                    std::uint64_t position, Notes const& notes) {
  auto const entry = reader.recalls().control_entry(position);
  if (!entry) return std::unexpected(entry.error());
  store::LoggedIndicator const logged{
      position, {log::commit_header(entry->header_salt, entry->header), entry->body_salt, entry->body}};
  std::vector<log::ProofFile> out;
  for (auto const& [size, note] : notes) {
    auto proof = ledger::prove(logged, note.format(),
                               [&](log::TilePath const& tile) { return log.tile(reader.leaves(), tile); });
    if (!proof) return std::unexpected(proof.error());
    out.push_back(*std::move(proof));
  }
  return out;
}

// Of each peer the first that covers the entry, or its newest where the log has another key since: what the certificate
// holds opens with the key of now.
core::Result<std::vector<store::Receipt>> receipts_under(log::VerifierKey const& key, store::RecallReader& recalls,
                                                         std::uint64_t position) {
  auto first = recalls.receipts(position), newest = recalls.newest_receipts(position);
  if (!first) return first;
  if (!newest) return newest;
  std::vector<store::Receipt> out;
  for (auto* receipts : {&*first, &*newest})
    for (auto& one : *receipts)
      if (log::open_checkpoint(one.note, key, {}) &&
          std::ranges::find(out, one.organisation, &store::Receipt::organisation) == out.end())
        out.push_back(std::move(one));
  return out;
}

core::Result<std::string> certificate(Context& context, store::ReadStore& reader, access::Directory const& directory,
                                      std::uint64_t position) {
  auto const* log = context.logs.find("control");
  auto const newest = log != nullptr ? log->checkpoint() : nullptr;
  if (!newest)
    return core::fail(core::Code::unavailable, "No checkpoint of the control log was signed yet.", "",
                      "Try again in a moment.");
  auto const key = context.control_key();
  if (!key) return std::unexpected(key.error());
  auto const receipts = receipts_under(*key, reader.recalls(), position);
  if (!receipts) return std::unexpected(receipts.error());
  Notes notes;
  if (auto added = add(notes, *newest); !added) return std::unexpected(added.error());
  for (auto const& receipt : *receipts)
    if (auto added = add(notes, receipt.note); !added) return std::unexpected(added.error());
  auto proofs = prove_all(reader, *log, position, notes);
  if (!proofs) return std::unexpected(proofs.error());
  auto const of_dependents = reader.recalls().said_of_dependents();
  if (!of_dependents) return std::unexpected(of_dependents.error());
  auto const peers = peers_of(context.peering.peers(), directory, {*receipts, *of_dependents}, position);
  if (!peers) return std::unexpected(peers.error());
  log::RecallCertificate out{{}, *std::move(proofs), {}};
  for (auto const& peer : *peers)
    if (!peer.acknowledged_us) out.outstanding.push_back(peer.name);
  for (auto const& said : *of_dependents) out.of_dependents.push_back(said.note);
  std::ranges::sort(out.of_dependents);
  return out.text();
}

}  // namespace

Answer certify_recall(Context& context, http::Request& request) {
  auto const directory = context.registry.current();
  auto const lane = request.principal ? request.principal->organisation : 0;
  auto text =
      co_await context.bridge.run<std::string>(lane, [&](store::ReadStore& reader) -> core::Result<std::string> {
        auto const made = told_recall(reader, *directory, request);
        if (!made) return std::unexpected(made.error());
        return certificate(context, reader, *directory, made->position);
      });
  if (!text) co_return error_answer(request, text.error());
  co_return text_answer(200, *std::move(text), "text/plain; charset=utf-8");
}

}  // namespace tocsin::endpoints
