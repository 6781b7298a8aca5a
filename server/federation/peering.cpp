#include "server/federation/peering.hpp"

#include <algorithm>
#include <utility>

#include "schema/core/digest.hpp"
#include "server/base/files.hpp"

namespace tocsin::federation {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kHours72 = 72 * 3'600 * kSecond, kClocksDiffer = 300 * kSecond;
constexpr std::size_t kLongestFile = 1 << 20;
constexpr char const* kCompare =
    "The fingerprint has to be compared over the telephone; then: tocsind peer resume NAME";

std::unexpected<core::Error> refuse(core::Code code, std::string sentence, std::string remedy) {
  return core::fail(code, std::move(sentence), "", std::move(remedy));
}

// Also the name of a file, and what an organisation may be called.
bool is_peer_name(std::string_view name) {
  auto const plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  return !name.empty() && name.size() <= 60 && name.front() != '.' && name.front() != '-' &&
         std::ranges::all_of(name, plain);
}

// The host of https://HOST[:PORT] in lower case.
std::string host_of(std::string_view url) {
  std::string host(url.substr(std::string_view("https://").size()));
  host = host.substr(0, host.find(':'));
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return host;
}

// The latest there is for what is later.
std::int64_t microseconds(std::uint64_t seconds) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, INT64_MAX / kSecond)) * kSecond;
}

store::PeerPins pins_of(log::Manifest const& manifest) { return {manifest.tls_pins, microseconds(manifest.expires_s)}; }

core::Result<void> check_unexpired(log::Manifest const& manifest, std::int64_t now_us, char const* remedy) {
  if (microseconds(manifest.expires_s) > now_us) return {};
  return refuse(core::Code::unprocessable, "The manifest of " + manifest.origin() + " has expired.", remedy);
}

// Peers differ in both, the root key and the name of their log.
core::Result<void> check_other(log::Manifest const& own, log::VerifierKey const& own_root, log::Manifest const& other,
                               log::VerifierKey const& other_root) {
  if (other_root == own_root)
    return refuse(core::Code::conflict, "The line is of this instance itself.", "Send it to the other side.");
  if (other.origin() == own.origin())
    return refuse(core::Code::conflict,
                  "The line is of another instance, whose log has the name of the log here: " + own.origin() + ".",
                  "Two instances whose logs have one name cannot be peers. The name is of `instance.origin`, which "
                  "`tocsind init --host` sets: one of the two is made anew with another host.");
  return {};
}

store::Peer row_of(std::string name, log::VerifierKey const& root, log::Manifest const& manifest, std::string note) {
  store::Peer row;
  row.name = std::move(name);
  row.root = root.text();
  row.origin = manifest.origin();
  row.manifest = std::move(note);
  row.version = manifest.version;
  row.reason = kCompare;
  return row;
}

// Whether the peer itself says that it speaks for all of these.
bool claims(log::Manifest const& manifest, std::vector<std::string> const& identities) {
  return std::ranges::all_of(identities, [&](std::string const& identity) {
    return std::ranges::find(manifest.identities, identity) != manifest.identities.end();
  });
}

// Mail and chat wrap lines.
std::string without_spaces(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  return text;
}

}  // namespace

core::Result<Peering::Self> Peering::self(std::int64_t now_us) const {
  constexpr char const* kMake = "Make one, with the root key at hand: tocsind manifest make";
  auto log_key = own_.log_key();
  if (!log_key) return std::unexpected(log_key.error());
  auto note = base::read_file(own_.manifest, kLongestFile);
  if (!note && note.error().code == core::Code::not_found)
    return refuse(core::Code::unprocessable, "This instance has no manifest.", kMake);
  if (!note) return std::unexpected(note.error());
  auto root = own_.root();
  if (!root) return std::unexpected(root.error());
  auto manifest = log::open_manifest(*note, *root);
  if (!manifest) return std::unexpected(manifest.error());
  if (auto good = check_unexpired(*manifest, now_us, kMake); !good) return std::unexpected(good.error());
  if (manifest->log != log_key->verifier())
    return refuse(core::Code::unprocessable, "The manifest names another key of the log than the one in use.", kMake);
  return Self{*std::move(log_key), *std::move(root), *std::move(manifest), *std::move(note)};
}

core::Result<Peering::Invited> Peering::invitation(std::int64_t now_us) const {
  auto const own = self(now_us);
  if (!own) return std::unexpected(own.error());
  auto const until_s = static_cast<std::uint64_t>((now_us + kHours72) / kSecond);
  log::Introduction const said{core::random_uuid(), std::nullopt, until_s, own->root, own->note};
  auto line = log::write_introduction(said, own->log_key);
  if (!line) return std::unexpected(line.error());
  return Invited{*std::move(line),
                 {said.id, core::sha256(log::format_introduction(said)), static_cast<std::int64_t>(until_s) * kSecond}};
}

core::Result<Peering::Received> Peering::receive(std::string const& text, std::string const& name,
                                                 std::int64_t now_us) const {
  if (text.starts_with("tocsin/manifest/")) return receive_manifest(text, now_us);
  return receive_introduction(without_spaces(text), name, now_us);
}

core::Result<Peering::Received> Peering::receive_introduction(std::string const& line, std::string const& name,
                                                              std::int64_t now_us) const {
  auto const own = self(now_us);
  if (!own) return std::unexpected(own.error());
  auto const opened = log::open_introduction(line);
  if (!opened) return std::unexpected(opened.error());
  auto const& [said, manifest, signed_text] = *opened;
  if (auto good = check_other(own->manifest, own->root, manifest, said.root); !good)
    return std::unexpected(good.error());
  if (auto good = check_unexpired(manifest, now_us, "The other side makes a new one and begins again."); !good)
    return std::unexpected(good.error());
  auto const until_us = microseconds(said.until_s);
  if (until_us > now_us + kHours72 + kClocksDiffer)
    return refuse(core::Code::unprocessable, "The invitation would hold for longer than 72 hours.",
                  "Compare the clocks of both sides.");
  Received out{row_of(name.empty() ? host_of(manifest.url) : name, said.root, manifest, said.manifest),
               pins_of(manifest), store::PeerInvitation{}, ""};
  if (!is_peer_name(out.peer.name))
    return refuse(core::Code::bad_parameter,
                  "The name of a peer has 1 to 60 lower-case letters, digits, dots and hyphens.",
                  "Give another --name.");
  std::string acceptance = signed_text;
  if (said.answers) {
    *out.invitation = {said.answers->id, said.answers->text, until_us, true};
  } else {
    *out.invitation = {said.id, core::sha256(signed_text), until_us, false};
    log::Introduction const answer{core::random_uuid(), log::Introduction::Answered{said.id, out.invitation->text},
                                   said.until_s, own->root, own->note};
    auto reply = log::write_introduction(answer, own->log_key);
    if (!reply) return std::unexpected(reply.error());
    out.reply = *std::move(reply);
    acceptance = log::format_introduction(answer);
  }
  out.peer.fingerprint = log::fingerprint_words(log::fingerprint(acceptance));
  return out;
}

core::Result<Peering::Received> Peering::receive_manifest(std::string const& note, std::int64_t now_us) const {
  for (auto const& known : peers()) {
    if (known.peer.state == store::PeerState::removed) continue;
    auto const root = log::VerifierKey::parse(known.peer.root);
    if (!root) return std::unexpected(root.error());
    auto const next = log::open_manifest(note, *root);
    if (!next && next.error().code == core::Code::note_unverified) continue;
    if (!next) return std::unexpected(next.error());
    if (auto good = log::check_successor(known.manifest, *next); !good) return std::unexpected(good.error());
    if (auto good = check_unexpired(*next, now_us, "Ask for the newest one."); !good)
      return std::unexpected(good.error());
    Received out{row_of(known.peer.name, *root, *next, note), pins_of(*next), std::nullopt, ""};
    out.peer.state = known.peer.state;
    out.peer.reason = known.peer.reason;
    out.peer.fingerprint = known.peer.fingerprint;
    return out;
  }
  return refuse(core::Code::note_unverified, "No root key of a peer signed the manifest.",
                "A peer's root key never changes: who has a new one is invited anew.");
}

std::vector<Peering::Shown> Peering::peers() const {
  std::lock_guard lock(mutex_);
  return peers_;
}

core::Result<void> Peering::load() {
  if (auto read = read_peers(); !read) return read;
  changed_();
  return {};
}

core::Result<void> Peering::read_peers() {
  auto rows = store_.peers();
  if (!rows) return std::unexpected(rows.error());
  std::vector<Shown> next;
  auto const before = peers();
  for (auto& row : *rows) {
    auto const root = log::VerifierKey::parse(row.root);
    if (!root) return std::unexpected(root.error());
    auto manifest = log::open_manifest(row.manifest, *root);
    if (!manifest) return std::unexpected(manifest.error());
    auto const known = std::ranges::find(before, row.name, [](Shown const& one) { return one.peer.name; });
    Shown one{std::move(row), *std::move(manifest), nullptr, {}};
    // With a removed peer nothing is agreed, and nothing of it comes back with the peer.
    if (known != before.end() && known->peer.root == one.peer.root && one.peer.state != store::PeerState::removed) {
      if (known->agreement && claims(one.manifest, known->agreement->identities)) one.agreement = known->agreement;
      one.mistakes = known->mistakes;
    }
    next.push_back(std::move(one));
  }
  {
    std::lock_guard lock(mutex_);
    peers_ = std::move(next);
  }
  return {};
}

core::Result<void> Peering::in_force(core::Result<void> stored) {
  if (!stored) return stored;
  if (auto loaded = registry_.reload(accounts_); !loaded) return loaded;
  return load();
}

core::Result<void> Peering::keep(Invited const& invited, std::int64_t now_us) {
  return store_.invite(invited.row, now_us);
}

core::Result<void> Peering::take(Received const& received, std::int64_t now_us) {
  return in_force(received.invitation ? store_.add(received.peer, received.pins, *received.invitation, now_us)
                                      : store_.set_manifest(received.peer, received.pins, now_us));
}

core::Result<void> Peering::set_state(std::string const& name, store::PeerState state, std::string const& reason,
                                      std::int64_t now_us) {
  if (state == store::PeerState::paused && quarantined(name))
    return refuse(core::Code::conflict, "The peer is quarantined, which keeps it out as well.",
                  "Resume it when the matter is settled, or remove it.");
  return in_force(store_.set_state(name, state, reason, now_us));
}

std::optional<std::string> Peering::quarantined(std::string const& name) const {
  std::lock_guard lock(mutex_);
  auto const found = std::ranges::find(peers_, name, [](Shown const& one) { return one.peer.name; });
  if (found == peers_.end() || found->peer.state != store::PeerState::quarantined) return std::nullopt;
  return found->peer.reason;
}

core::Result<bool> Peering::quarantine(store::WitnessStore& witnesses, std::string const& name,
                                       store::KeptEvidence const& evidence, std::string const& reason) {
  auto const kept = witnesses.quarantine(name, evidence, reason);
  if (!kept || !*kept) return kept;
  if (auto known = in_force({}); !known) return std::unexpected(known.error());
  return true;
}

}  // namespace tocsin::federation
