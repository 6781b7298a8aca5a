// From a line of an access log to its record. Foreign bytes: what is no record is refused with a sentence that holds
// nothing of the line. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "clients/logs/access_record.hpp"
#include "clients/logs/field_names.hpp"
#include "schema/stix/json.hpp"

namespace tocsin::logs {

// One JSON object. Texts and numbers are taken alike; "" and "-" say nothing. A prompt may be a text, a text that is
// itself the JSON body of a request, or the messages of a conversation. Bytes that are not UTF-8 become '?': nobody
// escapes by what he sends. Errors: those of stix::parse_json, property_type, property_missing, property_value.
[[nodiscard]] core::Result<AccessRecord> map_json_line(std::string_view line, FieldNames const& names);

// What a line says, taken apart already. Errors property_missing, property_value.
[[nodiscard]] core::Result<AccessRecord> map_document(stix::Json const& document, FieldNames const& names);

// An entry of an AWS application load balancer. It knows no account. Errors property_missing, property_value.
[[nodiscard]] core::Result<AccessRecord> map_alb_line(std::string_view line);

// By what a line begins with, and by the names that are in it; nullopt: it is of none of the formats,
// or a header of CSV, which its names tell.
[[nodiscard]] std::optional<Format> recognise(std::string_view line);

}  // namespace tocsin::logs
