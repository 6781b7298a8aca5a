#include "server/stream/registered_range.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

namespace tocsin::stream {
namespace {

constexpr std::string_view kReserved[] = {"0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10", "127.0.0.0/8",
                                          "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",  "192.168.0.0/16",
                                          "198.18.0.0/15",  "224.0.0.0/3",   "::/8",          "64:ff9b::/96",
                                          "64:ff9b:1::/48", "100::/64",      "2001::/23",     "2002::/16",
                                          "fc00::/7",       "fe80::/9",      "ff00::/8"};
constexpr std::string_view kDocumentation[] = {"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32",
                                               "3fff::/20"};

struct Numbers {
  AsNumber first, last;
};
constexpr Numbers kReservedNumbers[] = {
    {0, 0}, {23'456, 23'456}, {64'512, 65'535}, {65'552, 131'071}, {4'200'000'000, 4'294'967'295}};
constexpr Numbers kDocumentationNumbers[] = {{64'496, 64'511}, {65'536, 65'551}};

std::vector<access::Network> parsed(std::span<std::string_view const> blocks) {
  std::vector<access::Network> out;
  for (std::string_view block : blocks) out.push_back(access::Network::parse(block).value());
  return out;
}

bool overlaps(access::Network const& network, std::span<access::Network const> blocks) {
  return std::ranges::any_of(
      blocks, [&](access::Network const& block) { return block.contains(network) || network.contains(block); });
}

bool overlaps(AsNumber number, std::span<Numbers const> blocks) {
  return std::ranges::any_of(blocks, [&](Numbers block) { return number >= block.first && number <= block.last; });
}

core::Result<RegisteredRange> parse_number(std::string_view digits, std::string const& pointer) {
  AsNumber number = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
    return core::fail(core::Code::bad_parameter, "What follows AS is no number of an autonomous system.", pointer,
                      "Write it as AS64500.");
  return number;
}

}  // namespace

core::Result<RegisteredRange> parse_range(std::string_view text, std::string const& pointer) {
  bool number = text.size() >= 2 && (text[0] == 'A' || text[0] == 'a') && (text[1] == 'S' || text[1] == 's');
  if (number) return parse_number(text.substr(2), pointer);
  auto network = access::Network::around(text);
  if (!network)
    return core::fail(core::Code::bad_parameter, "This is neither an address range nor an autonomous system.", pointer,
                      "Write 203.0.113.0/24, 2001:db8::/32 or AS64500.");
  if (!access::Network::parse(text))
    return core::fail(core::Code::bad_parameter, "Bits beyond the prefix of the range are set.", pointer,
                      "Write it as " + network->text() + ", or lengthen the prefix.");
  return *network;
}

std::string text_of(RegisteredRange const& range) {
  if (auto const* network = std::get_if<access::Network>(&range)) return network->text();
  return "AS" + std::to_string(std::get<AsNumber>(range));
}

core::Result<void> require_ownable(RegisteredRange const& range, bool documentation, std::string const& pointer) {
  static std::vector<access::Network> const reserved = parsed(kReserved), documented = parsed(kDocumentation);
  auto const* network = std::get_if<access::Network>(&range);
  auto within = [&](std::span<access::Network const> blocks, std::span<Numbers const> numbers) {
    return network != nullptr ? overlaps(*network, blocks) : overlaps(std::get<AsNumber>(range), numbers);
  };
  if (within(reserved, kReservedNumbers))
    return core::fail(core::Code::bad_parameter,
                      network != nullptr ? "The range overlaps private, loopback or otherwise reserved addresses."
                                         : "The autonomous system's number is private or reserved.",
                      pointer, "Register what is yours on the Internet.");
  if (!documentation && within(documented, kDocumentationNumbers))
    return core::fail(core::Code::bad_parameter, "The range is reserved for documentation.", pointer,
                      "A demonstration instance (`tocsind init --demo`) takes such ranges; here register your own.");
  return {};
}

}  // namespace tocsin::stream
