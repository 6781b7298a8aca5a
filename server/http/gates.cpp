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

// A person who types or follows an address of the console: a page that holds nothing of anybody's. Neither a frame nor
// a script of another page can send this.
bool opens_console(Request const& request) {
  if (request.method != Method::get || (request.path != "/console" && !request.path.starts_with("/console/")))
    return false;
  return !request.headers.find("Origin") && request.headers.find("Sec-Fetch-Mode") == "navigate" &&
         request.headers.find("Sec-Fetch-Dest") == "document";
}

bool is_foreign(Request const& request) {
  if (auto origin = request.headers.find("Origin"); origin && !is_own_origin(*origin, request)) return true;
  if (auto site = request.headers.find("Sec-Fetch-Site"); site && *site != "same-origin" && !opens_console(request))
    return true;
  return request.on_loopback_listener && !names_loopback(request.headers.find("Host").value_or(""));
}

}  // namespace

std::optional<core::Error> foreign_origin(Request const& request) {
  if (!is_foreign(request)) return std::nullopt;
  return core::Error{core::Code::origin_refused, "The request was made by a page of another web origin.", "",
                     "Send it from a program, without Origin and Sec-Fetch-Site, and to localhost by that name."};
}

}  // namespace tocsin::http
