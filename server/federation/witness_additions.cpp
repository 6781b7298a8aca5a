// Checkpoints that are handed in to be cosigned (C2SP tlog-witness, add-checkpoint).
#include <algorithm>
#include <optional>
#include <utility>

#include "server/federation/witness.hpp"

namespace tocsin::federation {
namespace {

using Outcome = Witness::Addition::Outcome;

std::optional<Peering::Shown> followed(Peering const& peering, std::string const& note) {
  auto const origin = note.substr(0, note.find('\n'));
  auto peers = peering.peers();
  auto const found = std::ranges::find_if(peers, [&](Peering::Shown const& one) {
    return one.peer.origin == origin && one.peer.state == store::PeerState::active;
  });
  if (found == peers.end()) return std::nullopt;
  return std::move(*found);
}

// Why a checkpoint does not open with the key of its log.
Outcome refused(core::Error const& error) {
  switch (error.code) {
    case core::Code::note_unverified:
      return Outcome::unverified;
    case core::Code::checkpoint_malformed:
      return Outcome::unproven;
    default:
      return Outcome::malformed;
  }
}

// One signature as a line of a note.
std::string line_of(log::NoteSignature signature) {
  auto note = log::Note::from_text("\n").value();
  if (!note.add(std::move(signature))) return {};
  return note.format().substr(2);
}

}  // namespace

// Of what was verified and what was cosigned the larger one; an empty log when there is neither.
core::Result<Witness::Newest> Witness::newest(log::VerifierKey const& key) {
  auto const known = parts_.origins.origins();
  if (!known) return std::unexpected(known.error());
  auto const before = parts_.witnesses.cosigned(key.name());
  if (!before) return std::unexpected(before.error());
  Newest out{"", {key.name(), 0, log::empty_root()}};
  auto const origin = std::ranges::find(*known, key.name(), &store::Origin::name);
  for (auto const& note : {*before, origin == known->end() ? std::string() : origin->data.checkpoint}) {
    auto opened = log::open_checkpoint(note, key, {});
    if (opened && opened->checkpoint.size >= out.checkpoint.size) out = {note, std::move(opened->checkpoint)};
  }
  return out;
}

// Reading, deciding and writing are one step of the commit thread: two that are handed in at once cannot both go on
// from the same one.
core::Result<Witness::Addition> Witness::keep(log::Submission const& submission, log::Checkpoint const& next,
                                              log::VerifierKey const& key) {
  auto const here = newest(key);
  if (!here) return std::unexpected(here.error());
  auto const& last = here->checkpoint;
  if (submission.old_size != last.size) return Addition{Outcome::elsewhere, "", last.size};
  if (!log::verify_consistency({last.size, last.root}, {next.size, next.root}, submission.proof))
    return Addition{Outcome::unproven, "", last.size};
  if (auto kept = parts_.witnesses.cosigned(key.name(), submission.checkpoint); !kept)
    return std::unexpected(kept.error());
  return Addition{Outcome::cosigned, "", next.size};
}

core::Result<Witness::Addition> Witness::add(std::string_view body) {
  auto const submission = log::Submission::parse(body);
  if (!submission) return Addition{};
  auto const peer = followed(parts_.peering, submission->checkpoint);
  if (!peer) return Addition{Outcome::unknown, "", 0};
  auto const& key = peer->manifest.log;
  auto const next = log::open_checkpoint(submission->checkpoint, key, {});
  if (!next) return Addition{refused(next.error()), "", 0};
  if (next->checkpoint.size < submission->old_size) return Addition{Outcome::smaller, "", 0};
  auto const signer = parts_.key();
  if (!signer) return std::unexpected(signer.error());
  core::Result<Addition> out;
  core::Result<Newest> here;
  parts_.perform([&] {
    here = newest(key);
    out = keep(*submission, next->checkpoint, key);
  });
  if (!out) return out;
  if (out->outcome == Outcome::cosigned) {
    auto const now_s = static_cast<std::uint64_t>(parts_.clock.now_us() / 1'000'000);
    out->line = line_of(log::cosign(*signer, next->note.text(), now_s));
  } else if (here && here->checkpoint.size == next->checkpoint.size) {
    // Two roots of one size need no tree to show what they are.
    log::HashReader const no_tree = [](log::Node) -> core::Result<core::Digest> {
      return core::fail(core::Code::log_inconsistent, "No tree is needed.");
    };
    auto const judged = judge(key, here->note, no_tree, submission->checkpoint);
    if (judged && judged->standing == Standing::contradicts) parts_.keeper.keep(*peer, *judged);
  }
  return out;
}

}  // namespace tocsin::federation
