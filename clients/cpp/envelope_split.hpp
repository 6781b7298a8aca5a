// Cuts JSON text into the objects it carries without parsing them, so that each keeps its exact bytes: what the server
// signed is what a pull prints. It finds where values begin and end; whether the objects are good JSON is parse_json's
// business. Slices point into the text. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"

namespace tocsin::client {

// TAXII 2.1 section 3.7.
struct Envelope {
  std::vector<std::string_view> objects;
  bool more = false;
  std::string next;  // "" when absent
};

// Errors: json_syntax, json_duplicate_name (of "objects", "more" or "next"), envelope_invalid. The sentence of the
// first two names line and column as parse_json's does.
[[nodiscard]] core::Result<Envelope> split_envelope(std::string_view text);

// The object that an event of a stream carries, as its member `object`. Error: envelope_invalid.
[[nodiscard]] core::Result<std::string_view> split_event(std::string_view data);

// The objects of what people submit: one or more JSON values after each other (so NDJSON too), each a STIX bundle, a
// TAXII envelope, an array of objects, or an object. Errors as above.
[[nodiscard]] core::Result<std::vector<std::string_view>> split_input(std::string_view text);

// The value at `begin` with everything before it blanked: what a parser says about it then names the place in the whole
// text.
[[nodiscard]] std::string in_place(std::string_view text, std::size_t begin, std::size_t end);

// "line 3, column 5" of a byte offset, both from 1, the column in bytes.
[[nodiscard]] std::string place_of(std::string_view text, std::size_t offset);

}  // namespace tocsin::client
