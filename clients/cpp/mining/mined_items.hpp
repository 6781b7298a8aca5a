// What was mined as a draft: items of the native form (docs/kinds.md), one a line, for a person to read. Pure but for
// the stream; any thread.
#pragma once

#include <iosfwd>
#include <string>

#include "clients/cpp/mining/mined.hpp"

namespace tocsin::client {

// The campaign, the ranges, their network, the templates; nothing when there is no template. `campaign` is its name.
void write_mined(std::ostream& out, std::string const& campaign, Mined const& mined);

}  // namespace tocsin::client
