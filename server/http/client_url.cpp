#include "server/http/client_url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace tocsin::http {
namespace {

using core::Code;
using core::fail;

constexpr std::string_view kForm = "Write it as https://host or https://host:port.";

bool is_ip(std::string const& host, int family) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(family, host.c_str(), address) == 1;
}

bool is_dns_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && host.front() != '.' && std::ranges::all_of(host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

core::Result<std::string> parse_port(std::string_view text) {
  std::uint32_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65535) {
    return fail(Code::bad_parameter, "The port of the URL is not a number from 1 to 65535.", {}, std::string(kForm));
  }
  return std::to_string(port);
}

}  // namespace

std::string HttpsUrl::authority() const {
  std::string out = is_address && host.contains(':') ? "[" + host + "]" : host;
  if (port != "443") out += ":" + port;
  return out;
}

core::Result<HttpsUrl> parse_https_url(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  std::string text(url);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  if (!text.starts_with(kScheme)) {
    return fail(Code::bad_parameter, "The URL does not begin with https://.", {}, std::string(kForm));
  }
  std::string_view rest = std::string_view(text).substr(kScheme.size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#@") != std::string_view::npos) {
    return fail(Code::bad_parameter, "The URL has more than a host and a port.", {}, std::string(kForm));
  }

  HttpsUrl out{.host = {}, .port = "443"};
  bool const bracketed = rest.starts_with('[');
  auto const host_end = bracketed ? rest.find(']') : rest.find(':');
  out.host = std::string(bracketed ? rest.substr(1, host_end == rest.npos ? rest.npos : host_end - 1)
                                   : rest.substr(0, host_end));
  std::string_view tail = host_end == rest.npos ? std::string_view() : rest.substr(host_end + (bracketed ? 1 : 0));
  out.is_address = is_ip(out.host, bracketed ? AF_INET6 : AF_INET);
  if (bracketed ? (!out.is_address || host_end == rest.npos) : (!out.is_address && !is_dns_name(out.host))) {
    return fail(Code::bad_parameter, "The host of the URL is neither a name nor an IP address.", {},
                std::string(kForm) + " An IPv6 address goes into brackets.");
  }
  if (!tail.empty()) {
    if (!tail.starts_with(':'))
      return fail(Code::bad_parameter, "Text follows the host of the URL.", {}, std::string(kForm));
    auto port = parse_port(tail.substr(1));
    if (!port) return std::unexpected(std::move(port.error()));
    out.port = std::move(*port);
  }
  return out;
}

}  // namespace tocsin::http
