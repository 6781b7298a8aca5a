// Checkpoints that are handed in to be cosigned (C2SP tlog-witness, add-checkpoint).
#include <utility>

#include "server/federation/logs_of_peers.hpp"
#include "server/federation/witness.hpp"

namespace tocsin::federation {
namespace {

using Outcome = Witness::Addition::Outcome;

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

// Reading, deciding and writing are one step of the commit thread: two that are handed in at once cannot both go on
// from the same one. What was verified meanwhile was not held against what was cosigned.
core::Result<Witness::Addition> Witness::keep(log::Submission const& submission, log::Checkpoint const& next,
                                              std::uint64_t checked) {
  auto const here = kept(next.origin);
  if (!here) return std::unexpected(here.error());
  auto const& last = here->newest().checkpoint;
  if (submission.old_size != last.size || checked != last.size) return Addition{Outcome::elsewhere, "", last.size};
  if (!log::verify_consistency({last.size, last.root}, {next.size, next.root}, submission.proof))
    return Addition{Outcome::unproven, "", last.size};
  if (auto kept = parts_.witnesses.cosigned(next.origin, submission.checkpoint); !kept)
    return std::unexpected(kept.error());
  return Addition{Outcome::cosigned, "", next.size};
}

core::Result<Witness::Addition> Witness::add(std::string_view body) {
  auto const submission = log::Submission::parse(body);
  if (!submission) return Addition{};
  auto const peer = active_peer_with(parts_.peering, origin_in(submission->checkpoint));
  if (!peer) return Addition{Outcome::unknown, "", 0};
  auto const& key = peer->manifest.log;
  auto const next = log::open_checkpoint(submission->checkpoint, key, {});
  if (!next) return Addition{refused(next.error()), "", 0};
  if (next->checkpoint.size < submission->old_size) return Addition{Outcome::smaller, "", 0};
  auto const signer = parts_.key();
  if (!signer) return std::unexpected(signer.error());
  core::Result<Kept> here;
  parts_.perform([&] { here = kept(key.name()); });
  if (!here) return std::unexpected(here.error());
  if (auto good = check_goes_on(*peer, *here); !good) return std::unexpected(good.error());
  auto const& newest = here->newest();
  core::Result<Addition> out;
  parts_.perform([&] { out = keep(*submission, next->checkpoint, newest.checkpoint.size); });
  if (!out) return out;
  if (out->outcome == Outcome::cosigned) {
    auto const now_s = static_cast<std::uint64_t>(parts_.clock.now_us() / 1'000'000);
    out->line = line_of(log::cosign(*signer, next->note.text(), now_s));
  } else if (newest.checkpoint.size == next->checkpoint.size) {
    // Two roots of one size need no tree to show what they are.
    log::HashReader const no_tree = [](log::Node) -> core::Result<core::Digest> {
      return core::fail(core::Code::log_inconsistent, "No tree is needed.");
    };
    auto const judged = judge(key, newest.note, no_tree, submission->checkpoint);
    if (judged && judged->standing == Standing::contradicts) parts_.keeper.keep(*peer, *judged);
  }
  return out;
}

}  // namespace tocsin::federation
