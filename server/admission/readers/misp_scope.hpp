// What the attributes of an event of MISP have from what they stand in: readers, times, a comment. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/core/result.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/marking.hpp"
#include "server/admission/readers/json_members.hpp"

namespace tocsin::admission {

// Of a comment or a time: each is written into every attribute that it is said of.
inline constexpr std::size_t kLongestMispText = 4'096;

// What tags say of who may read.
struct MispLevel {
  std::optional<stix::Tlp> tlp;  // the strictest of all
  bool unknown = false;          // a tag cannot be read, or is no level
};

struct MispScope {
  std::string pointer;
  MispLevel level;
  std::string comment, first_seen, last_seen;
  bool deleted = false;
  bool closed = false;    // to readers that are not known here
  bool too_long = false;  // a text is longer than kLongestMispText
};

// A string, a number as its digits, true as "1"; "" for everything else.
[[nodiscard]] std::string misp_text(stix::Json const& object, char const* name);

// Its own organisation alone; a sharing group.
[[nodiscard]] bool is_closed_in_misp(std::string_view distribution);

// Adds the tags of an attribute. Error items_invalid: they are no array; its pointer is into the attribute.
[[nodiscard]] core::Result<void> note_tags(stix::Json const& attribute, MispLevel& level);

// What an event, or an object in it, says of all its attributes. Errors: those of note_tags, with the pointer into the
// body; those of a text that is no JSON.
[[nodiscard]] core::Result<MispScope> inside(MispScope const& outer, JsonMembers const& members, std::string pointer);

// 2026-01-31T12:00:00.000000+02:00 in UTC, as STIX has it; a text that is none is left to the rules of the kind.
[[nodiscard]] std::string misp_time_in_utc(std::string const& text);

}  // namespace tocsin::admission
