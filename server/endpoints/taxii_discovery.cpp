#include <algorithm>
#include <nlohmann/json.hpp>

#include "server/base/address.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/http/text.hpp"

namespace tocsin::endpoints {
namespace {

struct HostAndPort {
  std::string_view host, port;  // an IPv6 address without its brackets; the port with its colon, or empty
};

HostAndPort split(std::string_view field) {
  if (field.starts_with('[')) {
    auto end = field.find(']');
    if (end == std::string_view::npos) return {};
    return {field.substr(1, end - 1), field.substr(end + 1)};
  }
  auto colon = std::min(field.find(':'), field.size());
  return {field.substr(0, colon), field.substr(colon)};
}

bool is_port(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != ':' || text.size() < 2 || text.size() > 6) return false;
  return std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

std::string configured(Settings const& settings) {
  std::string host = settings.host.contains(':') ? "[" + settings.host + "]" : settings.host;
  return settings.port == 0 || settings.port == 443 ? host : host + ":" + std::to_string(settings.port);
}

// The URLs of an answer lead to where the client asked, since a forwarder may listen on another port; but never to
// another site's name.
std::string authority(Settings const& settings, http::Request const& request) {
  auto field = request.headers.find("Host");
  if (!field) return configured(settings);
  auto [host, port] = split(*field);
  bool ours = http::equal_ignoring_case(host, settings.host) || http::equal_ignoring_case(host, "localhost") ||
              base::is_ip_address(host);
  return ours && is_port(port) ? std::string(*field) : configured(settings);
}

}  // namespace

// TAXII 2.1 section 4.1
Answer taxii_discovery(Context& context, http::Request& request) {
  std::string root = "https://" + authority(context.settings, request) + "/taxii2/root/";
  co_return json_answer(200, {{"title", context.settings.title}, {"default", root}, {"api_roots", {root}}}, kTaxii);
}

// TAXII 2.1 section 4.2
Answer taxii_root(Context& context, http::Request&) {
  co_return json_answer(200,
                        {{"title", context.settings.title},
                         {"versions", {kTaxii}},
                         {"max_content_length", context.settings.max_content_length.get()}},
                        kTaxii);
}

}  // namespace tocsin::endpoints
