// Who would see what a dry run would store, as far as its sender may know. Pure; any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <utility>

#include "server/access/directory.hpp"

namespace tocsin::endpoints {

// Alias of a collection, stored form of a visibility class.
using SeenClasses = std::set<std::pair<std::string, std::string>>;

// One entry a class: schema/openapi.yaml, WhoSees. It tells of members what /api/v1/me tells the organisation too: who
// belongs to the audiences that it belongs to itself. What others are cleared for is not told, nor how many they are.
[[nodiscard]] nlohmann::json who_sees(SeenClasses const& classes, access::Directory const& directory,
                                      store::RowId organisation);

// In words, who sees what has this class and names no audience.
[[nodiscard]] std::string readers_of(access::ClassFacts const& facts);

}  // namespace tocsin::endpoints
