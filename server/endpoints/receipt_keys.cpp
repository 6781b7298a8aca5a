#include "server/endpoints/receipt_keys.hpp"

#include <algorithm>

namespace tocsin::endpoints {

std::vector<std::pair<std::string, log::VerifierKey>> applied_keys(Context const& context,
                                                                   http::Request const& request) {
  std::vector<std::pair<std::string, log::VerifierKey>> out;
  for (auto const& known : context.peering.peers())
    if (known.peer.state == store::PeerState::active) out.emplace_back(known.peer.name, known.manifest.applied);
  auto const own =
      std::ranges::find(out, request.principal->organisation_name, &std::pair<std::string, log::VerifierKey>::first);
  if (own == out.end()) return {};
  std::rotate(out.begin(), own, own + 1);
  return out;
}

}  // namespace tocsin::endpoints
