#include "server/endpoints/presented.hpp"

#include "server/http/router.hpp"

namespace tocsin::endpoints {

namespace {

// Signing in is by what the session is to stand for, whatever cookie a browser still has.
bool signs_in(http::Request const& request) {
  return request.route->method == http::Method::post && request.route->permission == "console.session";
}

}  // namespace

Presented presented(Context const& context, http::Request const& request) {
  Presented out{request.headers.find("Authorization"),
                request.certificate.get(),
                request.on_mtls_listener,
                request.route->surface == http::Surface::taxii,
                request.peer_address,
                {},
                nullptr};
  auto const cookies = out.authorization || signs_in(request) ? std::nullopt : request.headers.find("Cookie");
  auto const value = cookies ? access::console_cookie(*cookies) : std::nullopt;
  if (!value) return out;
  out.session = core::sha256(*value);
  out.sessions = &context.sessions;
  return out;
}

std::optional<core::Error> not_of_console(http::Request const& request) {
  // A browser that does not say which site began it says the origin, which is ours: others were refused before. That
  // one may open the console from anywhere counts for the page alone.
  auto const site = request.headers.find("Sec-Fetch-Site");
  bool const of_page = site ? *site == "same-origin" : request.headers.find("Origin").has_value();
  bool const reads = request.method == http::Method::get || request.method == http::Method::head;
  if (of_page && (reads || request.headers.find("X-Tocsin-Console"))) return std::nullopt;
  return core::Error{core::Code::origin_refused, "The request was not made by a page of the console.", "",
                     "Programs send their token as `Authorization: Bearer tocsin_…`, and no cookie."};
}

std::expected<access::Authenticated, access::Refusal> authenticate(access::Directory const& directory,
                                                                   Presented const& by, std::int64_t now_us) {
  if (by.session)
    return access::authenticate_signed_in(directory, by.sessions->find(*by.session, now_us), by.at_mtls_door,
                                          by.certificate, by.address, now_us);
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
