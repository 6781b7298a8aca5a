#include "server/http/gates.hpp"

#include "server/http/sockets.hpp"
#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

bool is_own_origin(std::string_view origin, Request const& request) {
  std::string_view scheme = request.on_loopback_listener || request.on_admin_socket ? "http://" : "https://";
  auto host = request.headers.find("Host");
  return host && origin.size() > scheme.size() && equal_ignoring_case(origin.substr(0, scheme.size()), scheme) &&
         equal_ignoring_case(origin.substr(scheme.size()), *host);
}

bool names_loopback(std::string_view host) {
  bool bracketed = host.starts_with('[');
  host = bracketed ? host.substr(1, host.find(']') - 1) : host.substr(0, host.find(':'));
  return equal_ignoring_case(host, "localhost") || is_loopback(std::string(host));
}

bool is_foreign(Request const& request) {
  if (auto origin = request.headers.find("Origin"); origin && !is_own_origin(*origin, request)) return true;
  if (auto site = request.headers.find("Sec-Fetch-Site"); site && *site != "same-origin") return true;
  return request.on_loopback_listener && !names_loopback(request.headers.find("Host").value_or(""));
}

}  // namespace

std::optional<core::Error> foreign_origin(Request const& request) {
  if (!is_foreign(request)) return std::nullopt;
  return core::Error{core::Code::origin_refused, "The request was made by a page of another web origin.", "",
                     "Send it from a program, without Origin and Sec-Fetch-Site, and to localhost by that name."};
}

}  // namespace tocsin::http
