#include "schema/kinds/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace tocsin::kinds {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::unexpected<core::Error> wrong(std::string detail, std::string remedy) {
  return core::fail(core::Code::property_value, std::move(detail), "/value", std::move(remedy));
}

bool bit(Bytes const& bytes, unsigned at) { return (bytes[at / 8] >> (7 - at % 8) & 1) != 0; }

void fill(Bytes& bytes, unsigned from, unsigned to, bool ones) {
  for (unsigned at = from; at < to; ++at) {
    auto const mask = static_cast<std::uint8_t>(1u << (7 - at % 8));
    bytes[at / 8] = static_cast<std::uint8_t>(ones ? bytes[at / 8] | mask : bytes[at / 8] & ~mask);
  }
}

Bytes last_of(Network const& network) {
  Bytes out = network.bytes;
  fill(out, network.length, network.width(), true);
  return out;
}

// To the next address; false when there is none.
bool advance(Bytes& bytes, unsigned width) {
  for (unsigned at = width; at-- > 0;) {
    bool const carry = bit(bytes, at);
    fill(bytes, at, at + 1, !carry);
    if (!carry) return true;
  }
  return false;
}

core::Result<Networks> parse_cidr(std::string_view text, std::size_t slash) {
  auto network = parse_address(trimmed(text.substr(0, slash)));
  auto const digits = trimmed(text.substr(slash + 1));
  unsigned length = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (!network) return wrong("What stands before the slash is not an address.", "Write it as 203.0.113.0/24.");
  if (error != std::errc() || end != digits.data() + digits.size() || length > network->width())
    return wrong("The length of the network is not a number from 0 to " + std::to_string(network->width()) + ".",
                 "Write it as 203.0.113.0/24.");
  Bytes const before = network->bytes;
  network->length = length;
  fill(network->bytes, length, network->width(), false);
  return Networks{{*network}, network->bytes != before};
}

core::Result<Networks> parse_range(std::string_view text, std::size_t hyphen) {
  auto first = parse_address(trimmed(text.substr(0, hyphen)));
  auto const last = parse_address(trimmed(text.substr(hyphen + 1)));
  if (!first || !last || first->six != last->six)
    return wrong("The two ends of the range are not addresses of one family.", "Write it as 203.0.113.7-203.0.113.9.");
  if (first->bytes > last->bytes) return wrong("The range ends before it begins.", "Exchange its ends.");
  Networks out;
  for (bool more = true; more;) {
    // The largest network that begins here and does not reach beyond the end.
    Network next = *first;
    while (next.length > 0 && !bit(next.bytes, next.length - 1)) {
      Network wider = next;
      --wider.length;
      if (last_of(wider) > last->bytes) break;
      next = wider;
    }
    out.all.push_back(next);
    first->bytes = last_of(next);
    more = first->bytes != last->bytes && advance(first->bytes, first->width());
  }
  return out;
}

std::string text_of_four(std::uint8_t const* bytes) {
  std::string out;
  for (int i = 0; i < 4; ++i) out += (i > 0 ? "." : "") + std::to_string(bytes[i]);
  return out;
}

// RFC 5952: lower case, no leading zeros, `::` for the longest run of two or more zero groups, the first of equals;
// section 5: mixed notation for IPv4-mapped addresses.
std::string text_of_six(Bytes const& bytes) {
  constexpr Bytes kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(bytes.begin(), bytes.begin() + 12, kMapped.begin())) return "::ffff:" + text_of_four(&bytes[12]);
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = bytes[2 * i] * 256u + bytes[2 * i + 1];
  std::size_t best = 8, longest = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t run = 0;
    while (i + run < 8 && groups[i + run] == 0) ++run;
    if (run > longest) best = i, longest = run;
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += longest - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    std::array<char, 4> digits{};
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr;
    out.append(digits.data(), end);
  }
  return out;
}

}  // namespace

std::optional<Network> parse_address(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN + 1> terminated{};  // inet_pton wants a C string
  if (text.size() >= terminated.size() || text.find('\0') != text.npos) return std::nullopt;
  std::ranges::copy(text, terminated.begin());
  Network out;
  out.six = text.find(':') != text.npos;
  out.length = out.width();
  if (inet_pton(out.six ? AF_INET6 : AF_INET, terminated.data(), out.bytes.data()) != 1) return std::nullopt;
  return out;
}

core::Result<Networks> parse_networks(std::string_view text) {
  text = trimmed(text);
  if (auto const slash = text.find('/'); slash != text.npos) return parse_cidr(text, slash);
  if (auto const hyphen = text.find('-'); hyphen != text.npos) return parse_range(text, hyphen);
  auto const address = parse_address(text);
  if (!address)
    return wrong("`value` is not an address, a network or a range of addresses.",
                 "Write it as 203.0.113.7, 203.0.113.0/24, 203.0.113.7-203.0.113.9 or 2001:db8::/48.");
  return Networks{{*address}, false};
}

std::string to_text(Network const& network) {
  auto const address = network.six ? text_of_six(network.bytes) : text_of_four(network.bytes.data());
  return network.single() ? address : address + "/" + std::to_string(network.length);
}

}  // namespace tocsin::kinds
