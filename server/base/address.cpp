#include "server/base/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tocsin::base {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

bool is_family(std::string_view text, int family) {
  in6_addr room{};
  return text.size() <= INET6_ADDRSTRLEN && text.find('\0') == text.npos &&
         inet_pton(family, std::string(text).c_str(), &room) == 1;
}

bool is_label(std::string_view label) {
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !label.empty() && label.size() <= 63 && std::ranges::all_of(label, allowed) && label.front() != '-' &&
         label.back() != '-';
}

}  // namespace

bool Address::is_loopback() const {
  in6_addr six{};
  if (inet_pton(AF_INET6, host.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six);
  return host.starts_with("127.");
}

core::Result<Address> parse_address(std::string_view text) {
  auto colon = text.rfind(':');
  auto port = colon == text.npos ? std::nullopt : parse_port(text.substr(colon + 1));
  if (port) {
    auto host = text.substr(0, colon);
    bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (is_family(host, bracketed ? AF_INET6 : AF_INET)) return Address{std::string(host), *port};
  }
  return core::fail(core::Code::config_invalid, "An address to listen on is not an IP address and a port.", {},
                    "Write it as 127.0.0.1:8443 or [::1]:8443.");
}

bool is_ip_address(std::string_view text) { return is_family(text, AF_INET) || is_family(text, AF_INET6); }

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace tocsin::base
