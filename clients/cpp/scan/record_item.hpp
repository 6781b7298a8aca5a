// A request of a log as what matching asks about. Pure; any thread.
#pragma once

#include "clients/logs/access_record.hpp"
#include "server/match/asn_database.hpp"
#include "server/match/item.hpp"

namespace tocsin::client {

// `asns` tells the autonomous system of an address; nullptr: nothing does. The prompt's fingerprints are made only
// `with_prompt`: they cost more than the rest.
[[nodiscard]] match::Item item_of(logs::AccessRecord const& record, match::AsnDatabase const* asns, bool with_prompt);

}  // namespace tocsin::client
