// Finds the objects of a TAXII envelope or STIX bundle without building a document of the whole: each is parsed, judged and forgotten on
// its own, so memory follows the largest object and not the body. Pure; any thread.
#pragma once

#include <string_view>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::admission {

struct Envelope {
  std::vector<std::string_view> objects;  // the text of each element, into the body
};

// The body is one JSON object with an array `objects` (and, in a bundle, `type` and `id`). Names may not repeat. The elements are only
// delimited here, not checked. Errors: json_syntax, json_encoding, json_duplicate_name, json_too_deep, envelope_invalid.
[[nodiscard]] core::Result<Envelope> split_envelope(std::string_view body);

}  // namespace tocsin::admission
