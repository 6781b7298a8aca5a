#include "server/access/authenticate.hpp"

#include <algorithm>

#include "schema/core/digest.hpp"
#include "server/access/token.hpp"

namespace tocsin::access {
namespace {

bool in_range(Session const& session, std::string_view peer_address) {
  if (session.networks.empty()) return true;
  auto address = parse_address(peer_address);
  return address && std::ranges::any_of(session.networks, [&](Network const& network) { return network.contains(*address); });
}

}  // namespace

core::Result<Authenticated> authenticate(Directory const& directory, std::optional<std::string_view> authorization, bool basic,
                                         std::string_view peer_address, std::int64_t now_us) {
  auto refused = core::fail(core::Code::unauthorized, "No valid credential was presented.", "",
                            "Send the API token as `Authorization: Bearer tocsin_…`; under /taxii2/ also as the password of Basic.");
  if (!authorization) return refused;
  auto token = token_of_header(*authorization, basic);
  if (!token) return refused;
  auto parts = split_token(*token);
  if (!parts) return refused;
  Session const* session = directory.session(parts->id);
  // An unknown id costs the same digest and comparison as a known one.
  static core::Digest const nobody{};
  core::Digest digest = core::sha256(parts->secret);
  bool matches = core::equal_constant_time(core::view(digest), core::view(session != nullptr ? session->credential.secret_digest : nobody));
  if (!matches || session == nullptr || session->disabled) return refused;
  if (session->credential.expires_us && *session->credential.expires_us <= now_us) return refused;
  if (!in_range(*session, peer_address)) return refused;
  return Authenticated{session->principal, session->view};
}

}  // namespace tocsin::access
