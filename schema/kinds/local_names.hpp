// Items of one submission that name each other: `"ref": "gang"` in one, `"campaign": "local:gang"` in another. Pure;
// any thread.
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "schema/kinds/native.hpp"

namespace tocsin::kinds {

struct LocalReference {
  std::string name;          // without `local:`
  std::string pointer;       // into the document
  stix::rules::Names types;  // of the objects that may be meant
};

[[nodiscard]] std::vector<LocalReference> local_references(Native const& native);

// The identifiers of objects that a name stands for: a range may have become several.
using Identifiers = std::function<core::Result<std::vector<std::string>>(LocalReference const&)>;

// The same document with identifiers. Errors: those of `identifiers`; property_conflict for several where one is meant.
[[nodiscard]] std::expected<Native, std::vector<core::Error>> with_identifiers(Native const& native,
                                                                               Identifiers const& identifiers);

}  // namespace tocsin::kinds
