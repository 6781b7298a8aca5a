// What a request for a feed says of it: its format, how much it may hold, and what enters. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "schema/core/result.hpp"
#include "schema/stix/marking.hpp"
#include "server/feeds/feed.hpp"
#include "server/feeds/formats/formats.hpp"

namespace tocsin::feeds {

// Why an indicator is not in a feed. The words are those of the manifest.
enum class Reason : std::uint8_t {
  pattern,        // it says more than one value
  level,          // RED, or above max_tlp
  muted,          // by the reader's organisation
  own_range,      // it touches a range that the reader's organisation registered
  too_wide,       // wider than this instance takes
  action,         // it suggests less than the intent
  age,            // older than max_age
  confidence,     // less than min_confidence, or not stated
  corroboration,  // fewer than min_corroboration
  proxy_class,    // nobody says one that is asked for
  collateral,     // medium or more; this and those below: of block feeds
  shared_egress,
  cgnat,
  mobile,
  residential,  // wider than one address
};
[[nodiscard]] std::string_view name(Reason reason);

struct Asked {
  Format const* format = nullptr;
  std::optional<std::size_t> max_entries;
  int min_confidence = 0;             // percent
  std::size_t min_corroboration = 0;  // parties, independent of each other
  std::optional<std::int64_t> max_age_us;
  std::vector<std::string> collections;  // ids or aliases, of which each has to be known to the reader; empty: all
  std::set<std::string, std::less<>> classes;  // of proxies, one of which is wanted; empty: whoever is behind it
  stix::Tlp max_level = stix::Tlp::amber_strict;
  std::set<Reason> included;  // exceptions that the reader states
  std::string text;           // all of it, in one way to write it
  std::string decisive;       // what decides the bytes, likewise: equal for those who ask for the same ones
};

// Those of docs/feeds.md. Error bad_parameter.
[[nodiscard]] core::Result<Asked> parse_asked(Feed const& feed,
                                              std::span<std::pair<std::string, std::string> const> parameters);

}  // namespace tocsin::feeds
