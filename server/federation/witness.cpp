#include "server/federation/witness.hpp"

#include <algorithm>
#include <utility>

#include "schema/log/hash.hpp"
#include "schema/log/proofs.hpp"
#include "server/federation/logs_of_peers.hpp"

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

// What is kept was verified when it came.
core::Result<log::Checkpoint> said_in(std::string const& kept, std::string const& origin) {
  if (kept.empty()) return log::Checkpoint{origin, 0, log::empty_root()};
  auto const note = log::Note::parse(kept);
  if (!note) return std::unexpected(note.error());
  return log::parse_checkpoint(note->text());
}

}  // namespace

core::Result<log::Note> Witness::seen(std::string const& hash, std::shared_ptr<std::string const> const& own) {
  if (own && log::origin_hash(origin_in(*own)) == hash) return own_note(*own, origin_in(*own));
  auto const peers = parts_.peering.peers();
  for (auto const& peer : peers)
    if (auto const log = log_of(peer.peer.name, hash))
      return log->name == store::LogName::data ? seen(peer) : seen_control(peer);
  return no_log();
}

core::Result<Witness::Kept> Witness::kept(std::string const& origin) {
  auto const known = parts_.origins.origin(origin);
  if (!known) return std::unexpected(known.error());
  auto const& row = *known;
  auto const cosigned = parts_.witnesses.cosigned(origin);
  if (!cosigned) return std::unexpected(cosigned.error());
  auto const verified = row ? row->data.checkpoint : std::string();
  auto there = said_in(verified, origin), before = said_in(*cosigned, origin);
  if (!there) return std::unexpected(there.error());
  if (!before) return std::unexpected(before.error());
  return Kept{row ? row->row : 0, {verified, *std::move(there)}, {*cosigned, *std::move(before)}};
}

// What was verified here, or what was handed in and is larger.
core::Result<log::Note> Witness::seen(Peering::Shown const& peer) {
  core::Result<Kept> here;
  parts_.perform([&] { here = kept(peer.peer.origin); });
  if (!here) return std::unexpected(here.error());
  if (auto good = check_goes_on(peer, *here); !good) return std::unexpected(good.error());
  auto const& note = here->newest().note;
  if (note.empty()) return no_log();
  return signed_by_log(note, peer.peer.origin, peer.manifest.log.id());
}

core::Result<log::Note> Witness::seen_control(Peering::Shown const& peer) {
  auto const origin = stored(peer.peer.origin);
  if (!origin) return std::unexpected(origin.error());
  auto const key = key_of(peer.manifest, store::LogName::control);
  if (!key) return std::unexpected(key.error());
  if (origin->control.checkpoint.empty()) return no_log();
  return signed_by_log(origin->control.checkpoint, key->name(), key->id());
}

// What was verified goes on from what was cosigned before, or both are evidence when one key signed them.
core::Result<void> Witness::check_goes_on(Peering::Shown const& peer, Kept const& here) {
  auto const& [row, verified, before] = here;
  if (before.note.empty() || before.checkpoint.size > verified.checkpoint.size) return {};
  auto const tree = parts_.trees.tree(row, store::LogName::data, verified.checkpoint.size);
  if (!tree) return std::unexpected(tree.error());
  auto const root = log::tree_root(*tree, before.checkpoint.size);
  if (!root) return std::unexpected(root.error());
  if (*root == before.checkpoint.root) return {};
  auto const judged = judge(peer.manifest.log, verified.note, *tree, before.note);
  if (judged && judged->standing == Standing::contradicts) parts_.keeper.keep(peer, *judged);
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
