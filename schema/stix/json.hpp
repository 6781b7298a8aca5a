// Strict JSON in, canonical JSON out. Input is I-JSON (RFC 7493): no duplicate names, no lone surrogates, no byte order
// mark, limited depth, integers within ±(2^53−1), all checked in the pass that builds the document. Output is RFC 8785.
// A number that RFC 8785 writes as an integer is held as one, however it was written (1.0, 1e2), so that
// parse_json(canonical_json(d)) equals d.
// Pure; any thread. The only files that instantiate the JSON library's parser are behind this header.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"

namespace tocsin::stix {

using Json = nlohmann::json;

struct JsonLimits {
  std::size_t depth = 64;  // nesting of arrays and objects
};

// Errors: json_syntax, json_encoding, json_duplicate_name, json_too_deep, json_number_range; the sentence names line
// and column (both from 1, columns in bytes; for a duplicate also the name), never the value.
[[nodiscard]] core::Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

// RFC 8785 bytes of a document that parse_json made (or that obeys the same rules).
[[nodiscard]] std::string canonical_json(Json const& document);
void append_canonical_json(std::string& out, Json const& document);

// The RFC 8785 form of a finite double (section 3.2.2.3, ECMAScript Number::toString).
void append_canonical_number(std::string& out, double value);

// A quoted RFC 8785 string.
void append_canonical_string(std::string& out, std::string_view utf8);

}  // namespace tocsin::stix
