#include "server/endpoints/presented.hpp"

#include "server/http/router.hpp"

namespace tocsin::endpoints {

Presented presented(http::Request const& request) {
  return {request.headers.find("Authorization"), request.certificate.get(), request.on_mtls_listener,
          request.route->surface == http::Surface::taxii, request.peer_address};
}

std::expected<access::Authenticated, access::Refusal> authenticate(access::Directory const& directory,
                                                                   Presented const& by, std::int64_t now_us) {
  if (by.at_mtls_door)
    return access::authenticate_certificate(directory, by.certificate, by.authorization, by.basic, by.address, now_us);
  return access::authenticate(directory, by.authorization, by.basic, by.address, now_us);
}

std::expected<access::Authenticated, core::Error> authorise(access::Directory const& directory, Presented const& by,
                                                            access::Permission const& permission, std::int64_t now_us) {
  auto who = authenticate(directory, by, now_us);
  if (!who) return std::unexpected<core::Error>(who.error());
  if (access::may(permission, who->principal.get())) return *std::move(who);
  return core::fail(core::Code::forbidden, "No role of this credential allows this any more.", "",
                    "Ask the operator for a credential with a role that does.");
}

}  // namespace tocsin::endpoints
