// The properties that the native form of every kind has, and where STIX has them. Constant data; any thread.
#pragma once

#include <span>
#include <string_view>

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

inline constexpr std::string_view kIndicatorExtension = "extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa";

// Of every kind; without `kind`, which differs from kind to kind.
extern std::span<stix::rules::Property const> const kSharedRows;

// Of the kinds that become indicators, besides; without `value`.
extern std::span<stix::rules::Property const> const kIndicatorRows;
extern std::span<stix::rules::Rule const> const kIndicatorRules;

// The relationships of indicators.
extern std::span<Bond const> const kIndicatorBonds;

// A property that is copied as it is. Those that are not: `tlp` and `markings`, which are object_marking_refs, and
// `ref`, which nothing is made of.
struct Copied {
  std::string_view native;
  std::string_view stix;
  bool below_extension = false;  // of the indicator, below the id of our extension
  bool listed = false;           // STIX has a list, the native form its only item
};
extern std::span<Copied const> const kCopied;

}  // namespace tocsin::kinds
