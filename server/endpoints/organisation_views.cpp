#include "server/endpoints/organisation_views.hpp"

#include <algorithm>

namespace tocsin::endpoints {
namespace {

access::Sharing sharing_of(federation::Agreement const& agreed) {
  return {agreed.max_tlp, agreed.collections, agreed.audiences};
}

bool shares(federation::Agreement const& agreed) {
  return agreed.direction != federation::Direction::in && !agreed.collections.empty();
}

// By what a peer may have been shown something: what was agreed, also while the peer is stopped. Where nothing is
// shared any more, all that a peer may ever be shown: rather too many than too few.
access::Sharing once_shared(Context const& context, access::Directory const& directory,
                            store::Organisation const& owner) {
  auto const peers = context.peering.peers();
  auto const peer = std::ranges::find(peers, owner.name, [](auto const& shown) { return shown.peer.name; });
  if (peer != peers.end() && peer->agreement && shares(*peer->agreement)) return sharing_of(*peer->agreement);
  access::Sharing out;
  out.max_tlp = stix::Tlp::amber_strict;
  for (auto const& audience : directory.tables().audiences) out.audiences.push_back(audience.name);
  return out;
}

}  // namespace

access::PeerView agreed_view(Context const& context, access::Directory const& directory, store::RowId organisation) {
  auto const agreed = context.peering.agreement_of(organisation);
  std::optional<access::Sharing> sharing;
  if (agreed && shares(*agreed)) sharing = sharing_of(*agreed);
  return access::peer_view(directory, organisation, sharing, context.terms_key);
}

access::PeerView relayed_view(Context const& context, access::Directory const& directory, store::RowId organisation) {
  auto const agreed = context.peering.agreement_of(organisation);
  std::optional<access::Sharing> sharing;
  if (agreed && shares(*agreed)) {
    sharing = sharing_of(*agreed);
    sharing->max_tlp = std::min(sharing->max_tlp, stix::Tlp::green);
    sharing->audiences.clear();  // whom an origin names is for the origin to open it to
  }
  return access::peer_view(directory, organisation, sharing, context.terms_key);
}

std::vector<std::shared_ptr<access::View const>> views_of(Context const& context, access::Directory const& directory,
                                                          std::string_view organisation) {
  std::vector<std::shared_ptr<access::View const>> out;
  auto const* owner = directory.organisation(organisation);
  if (owner == nullptr) return out;
  for (auto const& credential : directory.tables().credentials) {
    auto const* session = directory.session(credential.token_id);
    if (credential.organisation == owner->row && session != nullptr && session->view != nullptr)
      out.push_back(session->view);
  }
  if (owner->origin == 0) return out;  // no peer's
  access::View as_peer;
  as_peer.window.visible = access::classes_shared(directory, owner->row, once_shared(context, directory, *owner));
  out.push_back(std::make_shared<access::View const>(std::move(as_peer)));
  return out;
}

}  // namespace tocsin::endpoints
