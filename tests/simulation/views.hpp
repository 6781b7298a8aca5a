// What a peer may see of an instance of the mesh, and how it is answered: of its own log, and of others' that it hands
// on. One thread.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "server/access/peer_view.hpp"
#include "server/federation/peering.hpp"
#include "server/federation/transport.hpp"

namespace tocsin::simulation {

inline constexpr core::Digest kTermsKey{};
inline constexpr std::size_t kHead = 512;

inline std::uint64_t parameter(std::string const& target, std::string const& name) {
  return std::stoull(target.substr(target.find(name + "=") + name.size() + 1));
}

inline access::PeerView view_of(federation::Peering const& peering, access::Directory const& directory,
                                store::RowId organisation) {
  auto const agreed = peering.agreement_of(organisation);
  std::optional<access::Sharing> sharing;
  if (agreed) sharing = access::Sharing{agreed->max_tlp, agreed->collections, agreed->audiences};
  return access::peer_view(directory, organisation, sharing, kTermsKey);
}

inline access::PeerView relayed_view_of(federation::Peering const& peering, access::Directory const& directory,
                                        store::RowId organisation) {
  auto const agreed = peering.agreement_of(organisation);
  std::optional<access::Sharing> sharing;
  if (agreed) sharing = access::Sharing{std::min(agreed->max_tlp, stix::Tlp::green), agreed->collections, {}};
  return access::peer_view(directory, organisation, sharing, kTermsKey);
}

inline void open_everything(access::PeerView& view, access::Directory const& directory) {
  for (auto const& one : directory.tables().classes) view.classes.insert(one.row);
  view.collections.clear();
  for (auto const& one : directory.tables().collections) view.collections.emplace_back(one.row, one.alias);
}

inline int status_of(core::Error const& error) {
  if (error.code == core::Code::unavailable) return 503;
  return error.code == core::Code::not_found ? 404 : 422;
}

inline federation::PeerAnswer answer(core::Result<std::string> body) {
  if (!body) return {status_of(body.error()), ""};
  return {200, *std::move(body)};
}

}  // namespace tocsin::simulation
