// Whether a file that `submit` was given holds STIX objects, or what `share` sends: items of the short form, a draft, a
// table, an event of MISP. Pure; any thread.
#pragma once

#include <string_view>

namespace tocsin::client {

// By the ending of the name (.csv, .txt, .list), the header of a table, or the first object: `kind` without `type`, or
// MISP's `Event` or `response`. What is none of these, or no good JSON, is left to whoever reads STIX to complain of.
[[nodiscard]] bool holds_items(std::string_view name, std::string_view text);

}  // namespace tocsin::client
