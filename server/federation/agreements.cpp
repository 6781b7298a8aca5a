// The agreements' files: which are read, what they have to agree with, and when they are in force.
#include <algorithm>
#include <iterator>
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

std::filesystem::path file_of(std::filesystem::path const& folder, std::string const& peer) {
  return folder / (peer + ".toml");
}

}  // namespace

// What only this instance can tell: names that stand for something, and identities that are the peer's to speak for.
std::vector<core::Error> Peering::misfits(Agreement const& agreement, log::Manifest const& manifest) const {
  std::vector<core::Error> out;
  auto const directory = registry_.current();
  for (auto const& identity : agreement.identities) {
    if (std::ranges::find(manifest.identities, identity) == manifest.identities.end())
      out.push_back(misfit("identities", identity, "for which the peer's manifest does not speak.",
                           "Leave it out, or ask the peer for a newer manifest."));
    if (directory->owner_of_identity(identity) != nullptr)
      out.push_back(misfit("identities", identity, "which is that of a member of this instance.",
                           "A member speaks for itself: leave it out."));
  }
  for (auto const& name : agreement.collections)
    if (directory->collection(name, access::View{}) == nullptr)
      out.push_back(
          misfit("collections", name, "which is no collection here.", "`tocsind collection list` shows them."));
  for (auto const& name : agreement.audiences)
    if (directory->audience(name) == nullptr)
      out.push_back(misfit("audiences", name, "which is no audience here.", "`tocsind audience list` shows them."));
  return out;
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
  for (auto const& known : peers()) {
    if (known.peer.state == store::PeerState::removed) continue;
    ReadAgreement read{known.peer.name, std::nullopt, nullptr, {}};
    auto const text = base::read_file(file_of(own_.peers, known.peer.name), kLongestFile);
    if (text) {
      read.digest = core::sha256(*text);
      auto parsed = parse_agreement(*text);
      if (!parsed) read.mistakes = parsed.error().mistakes;
      std::ranges::move(misfits(parsed ? *parsed : parsed.error().well_formed, known.manifest),
                        std::back_inserter(read.mistakes));
      if (read.mistakes.empty()) read.agreement = std::make_shared<Agreement const>(*std::move(parsed));
    } else if (text.error().code != core::Code::not_found) {
      read.mistakes.push_back(text.error());
    }
    out.push_back(std::move(read));
  }
  return out;
}

core::Result<void> Peering::take(std::vector<ReadAgreement> const& read) {
  auto const known = peers();
  for (auto const& one : read) {
    auto const peer = std::ranges::find(known, one.peer, [](Shown const& shown) { return shown.peer.name; });
    if (peer == known.end() || peer->peer.state == store::PeerState::removed || !one.mistakes.empty()) continue;
    if (peer->peer.agreement != one.digest)
      if (auto noted = store_.set_agreement(one.peer, one.digest); !noted) return noted;
  }
  if (auto loaded = load(); !loaded) return loaded;
  std::lock_guard lock(mutex_);
  for (auto const& one : read) {
    auto const peer = std::ranges::find(peers_, one.peer, [](Shown const& shown) { return shown.peer.name; });
    if (peer == peers_.end() || peer->peer.state == store::PeerState::removed) continue;
    peer->mistakes = one.mistakes;
    if (one.mistakes.empty()) peer->agreement = one.agreement;
  }
  return {};
}

}  // namespace tocsin::federation
