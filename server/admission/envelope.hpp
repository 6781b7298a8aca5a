// Finds the objects of a TAXII envelope or STIX bundle without building a document of the whole: each is parsed, judged
// and forgotten on its own, so memory follows the largest object and not the body. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::admission {

// An object of two bytes costs a refusal of hundreds: without this, a small body could ask for gigabytes.
inline constexpr std::size_t kMostObjects = 100'000;

struct Envelope {
  std::vector<std::string_view> objects;  // the text of each element, into the body
};

// Of the text of all other members together, names included: nothing reads them.
inline constexpr std::size_t kMostBeside = 64 << 10;

// The body is one JSON object with an array `objects` (and, in a bundle, `type` and `id`). Names may not repeat. The
// elements are only delimited here, not checked. Errors: json_syntax, json_encoding, json_duplicate_name,
// json_too_deep, json_number_range, envelope_invalid (also for more than kMostBeside bytes beside the objects);
// content_too_large for more than kMostObjects.
[[nodiscard]] core::Result<Envelope> split_envelope(std::string_view body);

}  // namespace tocsin::admission
