// The feeds that every reader has: one for each intent and family. A feed of an intent has what suggests that much or
// more. Constant data; any thread.
#pragma once

#include <span>
#include <string_view>

#include "server/feeds/entry.hpp"

namespace tocsin::feeds {

struct Feed {
  std::string_view name;
  match::Action intent = match::Action::none;  // what its reader is about to do
  Family family = Family::v4;
};

[[nodiscard]] std::span<Feed const> feeds();
[[nodiscard]] Feed const* find_feed(std::string_view name);

// As the document of the routes has it: ipv4, ipv6, asn.
[[nodiscard]] std::string_view name(Family family);

}  // namespace tocsin::feeds
