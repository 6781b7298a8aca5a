// To which collection each object of a bundle goes: where the native form of its kind would go. Pure; any thread.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "server/admission/door.hpp"

namespace tocsin::admission {

// The alias of a collection for each object, "" where it cannot be known. Indicators of a kind, campaigns,
// infrastructure and observables go where their kind goes; an indicator of no kind goes with what its pattern compares;
// what refers to others (relationships, sightings, notes, …) goes with the first of them that is in the bundle, and
// whatever else there is goes with the first object of a kind.
[[nodiscard]] std::vector<std::string_view> collections_of(std::span<Parsed const* const> objects);

}  // namespace tocsin::admission
