#include "server/endpoints/gates.hpp"

#include "server/access/permissions.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/presented.hpp"

namespace tocsin::endpoints {
namespace {

using Refusal = std::optional<http::Response>;

// Which of the listeners a route is served on: plain HTTP on loopback has the operations only, and no credentials.
Refusal listener(http::Request& request) {
  if (!request.on_loopback_listener || request.route->surface == http::Surface::operations) return std::nullopt;
  return error_answer(request, {core::Code::not_found, "There is nothing at this path on this listener.", "", ""});
}

// The operator on the admin socket (the kernel told us who it is) and the scraper on the loopback listener need no
// token. Another administrator shows one there, and is taken for nobody else.
std::shared_ptr<base::Principal const> operator_principal() {
  static auto const kOperator = std::make_shared<base::Principal const>(
      base::Principal{0, 0, "operator", "admin socket", base::Roles{base::Role::admin}, "admin-socket"});
  return kOperator;
}

Refusal authenticate(Context& context, http::Request& request) {
  if (access::find_permission(request.route->permission)->anyone) return std::nullopt;
  auto authorization = request.headers.find("Authorization");
  if (request.on_loopback_listener || (request.on_admin_socket && !authorization)) {
    static auto const kNothing = std::make_shared<access::View const>();
    request.principal = operator_principal();
    request.visibility = kNothing;
    return std::nullopt;
  }
  auto const by = presented(context, request);
  auto who = endpoints::authenticate(*context.registry.current(), by, context.clock.now_us());
  if (!who) {
    // What ended a credential ends its sessions for good, should it be given back. At another door it may hold.
    if (by.session && who.error().reason != "wrong-door") context.sessions.close(*by.session);
    request.refused_for = who.error().reason;
    request.refused = std::move(who.error().whose);
    auto answer = error_answer(request, who.error());
    answer.close = request.on_mtls_listener;  // who is nobody holds no connection open
    return answer;
  }
  if (by.session) {
    if (auto refused = not_of_console(request)) return error_answer(request, *refused);
    context.sessions.use(*by.session, context.clock.now_us());
  }
  request.principal = std::move(who->principal);
  request.visibility = std::move(who->view);
  return std::nullopt;
}

Refusal permit(http::Request& request) {
  if (access::may(*access::find_permission(request.route->permission), request.principal.get())) return std::nullopt;
  return error_answer(request, {core::Code::forbidden, "No role of this credential allows this.", "",
                                "Ask the operator for a credential with a role that does."});
}

core::Error no_place(InFlight const& in_flight, InFlight::Full full) {
  if (full == InFlight::Full::server)
    return {core::Code::unavailable, "The server works on as many requests as it may.", "", "Try again in a moment."};
  return {core::Code::unavailable,
          "Your organisation has " + std::to_string(in_flight.share()) +
              (in_flight.share() == 1 ? " request" : " requests") + " under way, as many as one may have.",
          "", "Let some of them end, then try again."};
}

// A credential's rate, and the requests that are worked on at the same time. Refused before a body byte is read. The
// operator is let in whatever the load: who else could end it?
Refusal limits(Context& context, http::Request& request) {
  if (request.route->surface == http::Surface::operations || request.on_admin_socket) return std::nullopt;
  auto credential = request.principal ? static_cast<std::uint64_t>(request.principal->credential) : 0;
  if (context.limiter.take(credential, request.route->cost, std::chrono::steady_clock::now()))
    return error_answer(request, {core::Code::too_many_requests, "This credential asks more often than it may.", "",
                                  "Wait, then go on more slowly."});
  auto ticket = context.in_flight.enter(request.principal ? request.principal->organisation : 0);
  if (!ticket) return error_answer(request, no_place(context.in_flight, ticket.error()));
  request.ticket = *std::move(ticket);
  return std::nullopt;
}

Refusal acceptable(http::Request& request) {
  if (request.route->surface != http::Surface::taxii || accepts_taxii(request.headers.find("Accept")))
    return std::nullopt;
  return error_answer(request, {core::Code::not_acceptable, "This path answers in " + std::string(kTaxii) + " only.",
                                "", "Send `Accept: application/taxii+json;version=2.1`."});
}

}  // namespace

std::vector<http::Gate> gates(Context& context) {
  return {
      listener,  // plain listeners never see content
      [&context](http::Request& request) { return authenticate(context, request); },  // who
      [&context](http::Request& request) { return limits(context, request); },        // how often, how many at once
      permit,                                                                         // may
      acceptable,  // 406 only to those who may know the path
  };
}

http::Observer observer(base::Log& log, base::Live<base::RequestLog> const& requests) {
  return [&log, &requests](http::Request const& request, http::Response const& response,
                           std::chrono::nanoseconds took) {
    bool failure = response.status >= 500 || response.status == 401 || response.status == 403;
    if (requests == base::RequestLog::none || (requests == base::RequestLog::failures && !failure)) return;
    auto const& who = request.principal ? request.principal : request.refused;
    log.info("request",
             {{"request", request.request_id},
              {"method", name(request.method)},
              {"route", request.route != nullptr ? std::string_view(request.route->pattern) : std::string_view("-")},
              {"status", std::int64_t{response.status}},
              {"seconds", std::chrono::duration<double>(took).count()},
              {"organisation", who ? std::string_view(who->organisation_name) : "-"},
              {"credential", who ? std::string_view(who->credential_id) : "-"},
              {"refused", request.refused_for.empty() ? std::string_view("-") : request.refused_for},
              {"address", request.peer_address}});
  };
}

}  // namespace tocsin::endpoints
