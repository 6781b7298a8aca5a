#include "server/endpoints/organisation_views.hpp"

#include <algorithm>

namespace tocsin::endpoints {
namespace {

access::View view_of_reader(access::PeerView const& agreed, access::Directory const& directory) {
  access::View out;
  out.window.visible = agreed.classes;
  for (auto const& collection : directory.tables().collections)
    if (std::ranges::any_of(agreed.collections, [&](auto const& one) { return one.first == collection.row; }))
      out.collections.push_back(collection.id);
  return out;
}

}  // namespace

access::PeerView agreed_view(Context const& context, access::Directory const& directory, store::RowId organisation) {
  auto const agreed = context.peering.agreement_of(organisation);
  std::optional<access::Sharing> sharing;
  if (agreed && agreed->direction != federation::Direction::in)
    sharing = {agreed->max_tlp, agreed->collections, agreed->audiences};
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
  auto const agreed = agreed_view(context, directory, owner->row);
  if (!agreed.collections.empty())
    out.push_back(std::make_shared<access::View const>(view_of_reader(agreed, directory)));
  return out;
}

}  // namespace tocsin::endpoints
