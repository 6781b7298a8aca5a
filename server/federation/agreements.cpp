// The agreements' files: which are read, what they have to agree with, and when they are in force.
#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "schema/core/digest.hpp"
#include "server/base/files.hpp"
#include "server/federation/peering.hpp"

namespace tocsin::federation {
namespace {

constexpr std::size_t kLongestFile = 1 << 20;

core::Error misfit(char const* key, std::string const& value, char const* sentence, char const* remedy) {
  return {core::Code::config_invalid, std::string(key) + " names " + value + ", " + sentence, "/" + std::string(key),
          remedy};
}

core::Error spoken_for_twice(std::string const& identity) {
  return misfit("identities", identity, "for which another peer speaks.",
                "One of the two speaks for it: leave it out of one of the agreements, and name it once.");
}

// Of a member, or of another peer.
store::Organisation const* party_of(Agreement const& agreement, std::string const& peer,
                                    access::Directory const& directory) {
  auto const* found = directory.organisation(std::string_view(agreement.party));
  return found == nullptr || store::speaks_elsewhere(*found) || found->name == peer ? nullptr : found;
}

std::filesystem::path file_of(std::filesystem::path const& folder, std::string const& peer) {
  return folder / (peer + ".toml");
}

}  // namespace

// What only this instance can tell: names that stand for something, and identities that are the peer's to speak for.
std::vector<core::Error> Peering::misfits(Agreement const& agreement, Shown const& with) const {
  std::vector<core::Error> out;
  auto const directory = registry_.current();
  auto const& manifest = with.manifest;
  auto const* own = directory->organisation(std::string_view(with.peer.name));
  for (auto const& identity : agreement.identities) {
    if (std::ranges::find(manifest.identities, identity) == manifest.identities.end())
      out.push_back(misfit("identities", identity, "for which the peer's manifest does not speak.",
                           "Leave it out, or ask the peer for a newer manifest."));
    auto const* owner = directory->owner_of_identity(identity);
    if (owner == nullptr) continue;
    if (owner->origin == 0)
      out.push_back(misfit("identities", identity, "which is that of a member of this instance.",
                           "A member speaks for itself: leave it out."));
    else if (speaks_at_another(*owner, own))
      out.push_back(spoken_for_twice(identity));
  }
  for (auto const& name : agreement.collections)
    if (directory->collection(name, access::View{}) == nullptr)
      out.push_back(
          misfit("collections", name, "which is no collection here.", "`tocsind collection list` shows them."));
  for (auto const& name : agreement.audiences)
    if (directory->audience(name) == nullptr)
      out.push_back(misfit("audiences", name, "which is no audience here.", "`tocsind audience list` shows them."));
  for (auto const& [marking, name] : agreement.peer_audiences)
    if (auto const* audience = directory->audience(name); audience == nullptr || !audience->releasable_to.empty())
      out.push_back(
          misfit("peer_audiences", name, "which is no audience here.", "`tocsind audience list` shows them."));
  if (!agreement.party.empty() && party_of(agreement, with.peer.name, *directory) == nullptr)
    out.push_back(misfit("party", "\"" + agreement.party + "\"", "which is neither a member nor another peer.",
                         "`tocsind org list` shows them."));
  for (auto& one : misfits_of_relays(agreement, with)) out.push_back(std::move(one));
  return out;
}

// Relays are other peers, whether they are let in now or not.
std::vector<core::Error> Peering::misfits_of_relays(Agreement const& agreement, Shown const& with) const {
  constexpr char const* kList = "`tocsind peer list` shows them.";
  auto const known = peers();
  auto const is_another = [&](std::string const& name) {
    return name != with.peer.name && std::ranges::any_of(known, [&](Shown const& one) {
             return one.peer.name == name && one.peer.state != store::PeerState::removed;
           });
  };
  std::vector<core::Error> out;
  if (!agreement.via.empty() && !is_another(agreement.via))
    out.push_back(misfit("via", "\"" + agreement.via + "\"", "which is no other peer.", kList));
  for (auto const& name : agreement.relays)
    if (!is_another(name)) out.push_back(misfit("relays", "\"" + name + "\"", "which is no other peer.", kList));
  return out;
}

bool Peering::speaks_at_another(store::Organisation const& one, store::Organisation const* own) const {
  if (own != nullptr && own->origin == one.origin) return false;
  auto const known = peers();
  return std::ranges::any_of(known, [&](Shown const& shown) {
    return shown.peer.name == one.peer && shown.peer.state != store::PeerState::removed;
  });
}

std::shared_ptr<Agreement const> Peering::agreement_of(store::RowId organisation) const {
  auto const directory = registry_.current();
  auto const* owner = directory->organisation(organisation);
  if (owner == nullptr) return nullptr;
  std::lock_guard lock(mutex_);
  auto const found = std::ranges::find(peers_, owner->name, [](Shown const& shown) { return shown.peer.name; });
  if (found == peers_.end() || found->peer.state != store::PeerState::active) return nullptr;
  return found->agreement;
}

// Who is no peer has agreed to nothing: a file of that name is what was agreed before, with a peer that was removed. It
// is kept beside the new one, and is in force no more.
core::Result<void> Peering::write_template(std::string const& name) const {
  auto const file = file_of(own_.peers, name);
  auto const known = peers();
  bool const is_peer = std::ranges::any_of(
      known, [&](Shown const& one) { return one.peer.name == name && one.peer.state != store::PeerState::removed; });
  std::error_code failed;
  std::filesystem::create_directories(own_.peers, failed);
  std::string const denying = agreement_template(name);
  if (std::filesystem::exists(file, failed)) {
    if (is_peer) return {};
    auto const before = base::read_file(file, kLongestFile);
    if (before && *before == denying) return {};
    if (auto moved = base::move_file(file, file.string() + ".removed"); !moved) return moved;
  }
  return base::write_file(file, denying, 0600);
}

std::vector<Peering::ReadAgreement> Peering::read_agreements() const {
  std::vector<ReadAgreement> out;
  std::set<std::string> spoken_for;
  for (auto const& known : peers()) {
    if (known.peer.state == store::PeerState::removed) continue;
    ReadAgreement read{known.peer.name, std::nullopt, nullptr, {}};
    auto const text = base::read_file(file_of(own_.peers, known.peer.name), kLongestFile);
    if (text) {
      read.digest = core::sha256(*text);
      auto parsed = parse_agreement(*text);
      if (!parsed) read.mistakes = parsed.error().mistakes;
      std::ranges::move(misfits(parsed ? *parsed : parsed.error().well_formed, known),
                        std::back_inserter(read.mistakes));
      if (read.mistakes.empty())
        for (auto const& identity : parsed->identities)
          if (!spoken_for.insert(identity).second) read.mistakes.push_back(spoken_for_twice(identity));
      if (read.mistakes.empty()) read.agreement = std::make_shared<Agreement const>(*std::move(parsed));
    } else if (text.error().code != core::Code::not_found) {
      read.mistakes.push_back(text.error());
    }
    out.push_back(std::move(read));
  }
  return out;
}

store::AgreedWith Peering::agreed_with(ReadAgreement const& read) const {
  store::AgreedWith out{read.digest, {}, 0};
  if (!read.agreement) return out;
  out.identities = read.agreement->identities;
  auto const directory = registry_.current();
  if (auto const* party = party_of(*read.agreement, read.peer, *directory)) out.party = party->row;
  return out;
}

// Also what a database from before has no rows of is not settled.
bool Peering::is_settled(store::Peer const& peer, store::AgreedWith const& agreed) const {
  auto const directory = registry_.current();
  auto const* own = directory->organisation(std::string_view(peer.name));
  if (peer.agreement != agreed.file || own == nullptr || own->origin == 0 || own->party != agreed.party) return false;
  return std::ranges::all_of(agreed.identities, [&](std::string const& identity) {
    auto const* speaker = directory->owner_of_identity(identity);
    return speaker != nullptr && speaker->origin == own->origin;
  });
}

core::Result<void> Peering::set_agreements(std::vector<ReadAgreement> const& read) {
  auto const known = peers();
  for (auto const& one : read) {
    auto const peer = std::ranges::find(known, one.peer, [](Shown const& shown) { return shown.peer.name; });
    if (peer == known.end() || peer->peer.state == store::PeerState::removed || !one.mistakes.empty()) continue;
    auto const agreed = agreed_with(one);
    if (is_settled(peer->peer, agreed)) continue;
    if (auto stored = store_.set_agreement(one.peer, agreed); !stored) return stored;
    if (auto loaded = registry_.reload(accounts_); !loaded) return loaded;
  }
  return {};
}

// Whoever is told that something changed finds all of it, and not the old agreement beside the new row.
core::Result<void> Peering::take(std::vector<ReadAgreement> const& read) {
  auto const known = peers();
  auto const stored = set_agreements(read);
  if (auto loaded = read_peers(); !loaded) return loaded;
  if (!stored) {
    changed_();
    return stored;
  }
  {
    std::lock_guard lock(mutex_);
    for (auto const& one : read) {
      auto const peer = std::ranges::find(peers_, one.peer, [](Shown const& shown) { return shown.peer.name; });
      if (peer == peers_.end() || peer->peer.state == store::PeerState::removed) continue;
      peer->mistakes = one.mistakes;
      auto const before = std::ranges::find(known, one.peer, [](Shown const& shown) { return shown.peer.name; });
      bool const same = before != known.end() && before->agreement && before->peer.agreement == one.digest;
      if (one.mistakes.empty() && !same) peer->agreement = one.agreement;
    }
  }
  changed_();
  return {};
}

}  // namespace tocsin::federation
