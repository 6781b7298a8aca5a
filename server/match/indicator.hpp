// An indicator as matching knows it: what it is about, and what decides whether a hit of it is told to whom. Value
// types; any thread.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/kinds/kind.hpp"
#include "schema/kinds/template_prints.hpp"
#include "schema/stix/marking.hpp"
#include "server/match/ip_address.hpp"
#include "server/match/key.hpp"

namespace tocsin::match {

inline constexpr std::int64_t kForGood = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int8_t kUnsaid = -1;  // a confidence that nobody stated

struct Facts {
  core::Uuid id{};
  std::int64_t row = 0;               // what its owner knows it by
  kinds::Kind const* kind = nullptr;  // null: of no kind of ours
  std::int64_t asserter = 0;          // who sees it by its own classes
  std::int64_t valid_from_us = 0;
  std::int64_t valid_until_us = kForGood;
  std::int64_t share_until_us = kForGood;  // from then on nobody is told, whatever the time of the item
  std::int8_t confidence = kUnsaid;
  stix::Tlp tlp = stix::Tlp::red;

  friend bool operator==(Facts const&, Facts const&) = default;
};

// What a value is like, as a pattern's LIKE has it: `%` any number of characters, `_` one. A user agent or a domain.
struct Like {
  Field field = Field::user_agent;
  std::string text;

  friend auto operator<=>(Like const&, Like const&) = default;
};

struct Entry {
  Facts facts;
  std::vector<std::uint32_t> classes;  // under which it is published, numbered as those of a Filter
  // What it is about; empty when that is nothing that is looked up here, and then it is counted as unindexed.
  std::vector<IpNetwork> networks;
  std::vector<std::uint32_t> asns;
  std::vector<Key> keys;
  std::vector<Like> likes;
  std::vector<kinds::Print> prints;  // of a prompt template; fewer than three are nothing
  bool partly =
      false;  // its pattern holds of more than that, by which nothing finds it: it is counted as unindexed, too
};

// What became of an indicator: how it is now, or that it may no longer hit: revoked, recalled, suppressed, erased.
struct Change {
  core::Uuid id{};
  std::optional<Entry> now;
};

}  // namespace tocsin::match
