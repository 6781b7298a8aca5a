// How indicators are found by what they are about: keys in one order, by kind and value, and the keys that a question
// asks for. Networks of one family lie in the order of their addresses, so that what lies within a network is one
// stretch of keys, and what contains an address is one key for each length. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/bytes.hpp"
#include "schema/core/result.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/pattern/ast.hpp"

namespace tocsin::kinds {

// Of one indicator the most values, the most labels and campaigns, and the most different words of its texts, that it
// is found by; of several values fewer words.
inline constexpr std::size_t kMostKeys = 64, kMostFacets = 32, kMostWords = 128;

struct Searchable {
  std::vector<std::string> keys;    // ascending, each once, never empty; a pattern without a value has one all the same
  std::vector<std::string> facets;  // its labels, campaigns and words, likewise; may be empty
  std::optional<std::int64_t> confidence;
  std::int64_t valid_from_us = 0;
  std::optional<std::int64_t> valid_until_us;    // absent: for good
  std::optional<std::int64_t> share_until_us{};  // when copies must be gone
  bool revoked = false;
  bool relayed = false;  // it rests on what partners said, and says so, and on nothing else
};

// nullopt: it is no indicator with our extension. `object` is the document of a valid object.
[[nodiscard]] std::optional<Searchable> searchable(stix::Json const& object);

// The values that its pattern compares with, in canonical text, in the order of the pattern; empty when they are none
// of its kind's. `indicator` has our extension.
[[nodiscard]] std::vector<std::string> values_of(stix::Json const& indicator);

// The values that one comparison names of what indicators of a kind are about, in canonical text; empty when it is
// about something else, or names none.
[[nodiscard]] std::vector<std::string> values_of(std::string_view kind, stix::pattern::Comparison const& one);

// What our extension says of an indicator; an empty object without it.
[[nodiscard]] stix::Json const& indicator_facts(stix::Json const& indicator);

// What an indicator alone says, in the names of the native form. What only its observable says is not in it.
[[nodiscard]] stix::Json native_part(stix::Json const& indicator);

// Keys from `first` on and before `end`.
struct KeyRange {
  std::string first, end;
};

// What a key begins with: the kind that it is of.
[[nodiscard]] std::string_view kind_of_key(std::string_view key);

// The value that a key is of, as the native form has it; nullopt: the key does not tell it.
[[nodiscard]] std::optional<std::string> value_of_key(std::string_view key);

[[nodiscard]] KeyRange every_key();
[[nodiscard]] KeyRange keys_of_kind(std::string_view kind);

// The keys of a value, as the native form takes it, of one kind or ("") of whichever has such values; ascending, apart
// from each other. Error property_value: the kind has no such values.
[[nodiscard]] core::Result<std::vector<KeyRange>> keys_of_value(std::string_view kind, std::string_view text);

// Of networks that contain an address or a network, and of those that lie within a network; it is among both. Error
// property_value.
[[nodiscard]] core::Result<std::vector<KeyRange>> keys_containing(std::string_view text);
[[nodiscard]] core::Result<std::vector<KeyRange>> keys_within(std::string_view text);

// Of what covers a value, as the native form takes it: what is of exactly it, networks that contain it, and domains
// above it. Of one kind or ("") of whichever there are. Error property_value.
[[nodiscard]] core::Result<std::vector<KeyRange>> keys_covering(std::string_view kind, std::string_view text);

[[nodiscard]] std::string label_facet(std::string_view label);
[[nodiscard]] std::string campaign_facet(core::Uuid const& campaign);

}  // namespace tocsin::kinds
