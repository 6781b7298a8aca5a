#include "server/http/gates.hpp"

#include "server/http/text.hpp"

namespace tocsin::http {
namespace {

bool is_own_origin(std::string_view origin, Request const& request) {
  std::string_view scheme = request.on_loopback_listener || request.on_admin_socket ? "http://" : "https://";
  auto host = request.headers.find("Host");
  return host && origin.size() > scheme.size() && equal_ignoring_case(origin.substr(0, scheme.size()), scheme) &&
         equal_ignoring_case(origin.substr(scheme.size()), *host);
}

bool is_foreign(Request const& request) {
  if (auto origin = request.headers.find("Origin"); origin && !is_own_origin(*origin, request)) return true;
  auto site = request.headers.find("Sec-Fetch-Site");
  return site && *site != "same-origin";
}

}  // namespace

Gate same_origin_gate(ErrorRenderer render) {
  return [render = std::move(render)](Request& request) -> std::optional<Response> {
    if (!is_foreign(request)) return std::nullopt;
    core::Error error{core::Code::origin_refused, "The request was made by a page of another web origin.", "",
                      "Send it from a program, without Origin and Sec-Fetch-Site."};
    return render(request, error);
  };
}

}  // namespace tocsin::http
