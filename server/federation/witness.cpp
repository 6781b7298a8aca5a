#include "server/federation/witness.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace tocsin::federation {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kHolds = 10 * kSecond;

std::unexpected<core::Error> no_log() {
  return core::fail(core::Code::not_found, "No log with this hash was seen here.", "",
                    "The hash is SHA-256 of the log's origin, in hexadecimal.");
}

// Nothing but the log's own line: what others said of it is not for this instance to pass on, and a note has room for a
// hundred lines only.
core::Result<log::Note> signed_by_log(std::string const& bytes, std::string const& origin, std::uint32_t key) {
  auto const note = log::Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  auto out = log::Note::from_text(note->text());
  if (!out) return out;
  for (auto const& signature : note->signatures()) {
    if (signature.name != origin || signature.id != key) continue;
    if (auto added = out->add(signature); !added) return std::unexpected(added.error());
    return out;
  }
  return core::fail(core::Code::unavailable,
                    "The log signs with another key by now, and nothing it signed was seen yet.", "",
                    "Try again in a moment.");
}

// The one line with the log's name of a note that this instance signed itself.
core::Result<log::Note> own_note(std::string const& bytes, std::string const& origin) {
  auto const note = log::Note::parse(bytes);
  if (!note) return std::unexpected(note.error());
  auto const line = std::ranges::find(note->signatures(), origin, &log::NoteSignature::name);
  if (line == note->signatures().end()) return no_log();
  return signed_by_log(bytes, origin, line->id);
}

std::string origin_in(std::string const& note) { return note.substr(0, note.find('\n')); }

}  // namespace

core::Result<log::Note> Witness::seen(std::string const& hash, std::shared_ptr<std::string const> const& own) {
  if (own && log::origin_hash(origin_in(*own)) == hash) return own_note(*own, origin_in(*own));
  auto const peers = parts_.peering.peers();
  auto const peer = std::ranges::find_if(peers, [&](Peering::Shown const& one) {
    return one.peer.state != store::PeerState::removed && log::origin_hash(one.peer.origin) == hash;
  });
  if (peer == peers.end()) return no_log();
  return seen(*peer);
}

// What was verified here, or what was handed in and is larger.
core::Result<log::Note> Witness::seen(Peering::Shown const& peer) {
  core::Result<std::vector<store::Origin>> known;
  core::Result<std::string> before;
  parts_.perform([&] {
    known = parts_.origins.origins();
    before = parts_.witnesses.cosigned(peer.peer.origin);
  });
  if (!known) return std::unexpected(known.error());
  if (!before) return std::unexpected(before.error());
  auto const origin = std::ranges::find(*known, peer.peer.origin, &store::Origin::name);
  bool const verified = origin != known->end() && !origin->data.checkpoint.empty();
  auto const handed_in = log::open_checkpoint(*before, peer.manifest.log, {});
  if (handed_in && (!verified || handed_in->checkpoint.size > origin->data.size))
    return signed_by_log(*before, peer.peer.origin, peer.manifest.log.id());
  if (!verified) return no_log();
  if (handed_in)
    if (auto good = check_goes_on(peer, *origin, *before); !good) return std::unexpected(good.error());
  return signed_by_log(origin->data.checkpoint, origin->name, peer.manifest.log.id());
}

// What was verified goes on from what was cosigned before, or both are evidence.
core::Result<void> Witness::check_goes_on(Peering::Shown const& peer, store::Origin const& origin,
                                          std::string const& before) {
  auto const tree = parts_.trees.tree(origin.row, store::LogName::data, origin.data.size);
  if (!tree) return std::unexpected(tree.error());
  auto const judged = judge(peer.manifest.log, origin.data.checkpoint, *tree, before);
  if (!judged) return std::unexpected(judged.error());
  if (judged->standing != Standing::contradicts) return {};
  parts_.keeper.keep(peer, *judged);
  return core::fail(core::Code::unavailable, "The log does not go on from what was cosigned of it before.");
}

core::Result<std::string> Witness::cosigned(log::Note note) {
  auto const key = parts_.key();
  if (!key)
    return core::fail(core::Code::unavailable, "This instance has no key of a witness.", "",
                      "Its operator makes one: tocsind manifest make");
  auto const now_s = static_cast<std::uint64_t>(parts_.clock.now_us() / kSecond);
  if (auto added = note.add(log::cosign(*key, note.text(), now_s)); !added) return std::unexpected(added.error());
  return note.format();
}

core::Result<std::string> Witness::checkpoint(std::string const& hash, std::shared_ptr<std::string const> const& own) {
  auto note = seen(hash, own);
  if (!note) return std::unexpected(note.error());
  auto const now_us = parts_.clock.now_us();
  std::lock_guard lock(mutex_);
  auto& kept = cosigned_[hash];
  bool const fresh = now_us >= kept.at_us && now_us - kept.at_us < kHolds;
  if (kept.text == note->text() && fresh) return kept.note;
  auto text = note->text();
  auto signed_now = cosigned(*std::move(note));
  if (signed_now) kept = {std::move(text), *signed_now, now_us};
  return signed_now;
}

}  // namespace tocsin::federation
