#include "server/stream/registered_range.hpp"

#include <charconv>

namespace tocsin::stream {
namespace {

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
  auto const* network = std::get_if<access::Network>(&range);
  auto const* reserved =
      network != nullptr ? access::reservation_of(*network) : access::reservation_of(std::get<AsNumber>(range));
  if (reserved == nullptr) return {};
  if (!reserved->documentation)
    return core::fail(core::Code::bad_parameter,
                      network != nullptr ? "The range overlaps private, loopback or otherwise reserved addresses."
                                         : "The autonomous system's number is private or reserved.",
                      pointer, "Register what is yours on the Internet.");
  if (!documentation)
    return core::fail(core::Code::bad_parameter, "The range is reserved for documentation.", pointer,
                      "A demonstration instance (`tocsind init --demo`) takes such ranges; here register your own.");
  return {};
}

}  // namespace tocsin::stream
