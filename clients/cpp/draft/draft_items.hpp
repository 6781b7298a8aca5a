// A draft as a file that a person reads before it is shared: native items (docs/kinds.md), one a line. Pure but for the
// stream; any thread.
#pragma once

#include <iosfwd>
#include <string>

#include "clients/cpp/draft/gathering.hpp"

namespace tocsin::client {

// The campaign, the ranges, their network, the patterns of e-mail addresses, the fingerprints; nothing when the
// accounts have nothing in common. `campaign` is its name.
void write_items(std::ostream& out, std::string const& campaign, Common const& common);

}  // namespace tocsin::client
