#include "server/access/networks.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

namespace tocsin::access {

std::optional<Address> parse_address(std::string_view text) {
  if (text.size() > 45 || text.contains('\0')) return std::nullopt;
  std::string copy(text);
  Address out{};
  if (::inet_pton(AF_INET6, copy.c_str(), out.data()) == 1) return out;
  out = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (::inet_pton(AF_INET, copy.c_str(), out.data() + 12) == 1) return out;
  return std::nullopt;
}

std::expected<Network, char const*> Network::read(std::string_view text) {
  auto slash = text.find('/');
  auto address = parse_address(text.substr(0, slash));
  if (!address) return std::unexpected("the address does not parse");
  bool v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  int bits = v4 ? 32 : 128;
  if (slash != std::string_view::npos) {
    std::string_view length = text.substr(slash + 1);
    auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (error != std::errc() || end != length.data() + length.size() || bits < 0 || bits > (v4 ? 32 : 128))
      return std::unexpected("the prefix length does not fit");
  }
  return Network(*address, bits + (v4 ? 96 : 0));
}

Network Network::without_host_bits() const {
  Network out = *this;
  for (int bit = bits_; bit < 128; ++bit)
    out.address_[static_cast<std::size_t>(bit / 8)] &= static_cast<std::uint8_t>(~(0x80u >> (bit % 8)));
  return out;
}

core::Result<Network> Network::parse(std::string_view text) {
  auto read_as = read(text);
  if (read_as && read_as->without_host_bits() != *read_as) read_as = std::unexpected("bits beyond the prefix are set");
  if (!read_as)
    return core::fail(core::Code::bad_parameter,
                      "\"" + std::string(text.substr(0, 60)) + "\" is not a network: " + read_as.error() + ".", "",
                      "Write it as 203.0.113.0/24 or 2001:db8::/32, with the host bits zero.");
  return *read_as;
}

std::optional<Network> Network::around(std::string_view text) {
  auto read_as = read(text);
  if (!read_as) return std::nullopt;
  return read_as->without_host_bits();
}

Network Network::around(Address const& address, int bits) { return Network(address, bits).without_host_bits(); }

bool Network::contains(Network const& other) const {
  return bits_ <= other.bits_ && is_v4() == other.is_v4() && contains(other.address_);
}

bool Network::is_v4() const {
  constexpr Address kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return bits_ >= 96 && std::equal(kMapped.begin(), kMapped.begin() + 12, address_.begin());
}

int Network::length() const { return bits_ - (is_v4() ? 96 : 0); }

std::string Network::text() const {
  char room[INET6_ADDRSTRLEN];
  bool v4 = is_v4();
  ::inet_ntop(v4 ? AF_INET : AF_INET6, address_.data() + (v4 ? 12 : 0), room, sizeof room);
  return bits_ == 128 ? room : room + ("/" + std::to_string(bits_ - (v4 ? 96 : 0)));
}

bool Network::contains(Address const& address) const {
  auto whole = static_cast<std::size_t>(bits_ / 8);
  if (!std::equal(address_.begin(), address_.begin() + static_cast<std::ptrdiff_t>(whole), address.begin()))
    return false;
  int rest = bits_ % 8;
  return rest == 0 || ((address_[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

}  // namespace tocsin::access
