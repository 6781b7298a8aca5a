// The door for what another instance logged: bytes are judged as those of members are and never changed; what is not
// let in is refused here, with the code that is kept of it. Pure but for the directory; any thread.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/error.hpp"
#include "schema/log/header.hpp"
#include "schema/log/openings.hpp"
#include "schema/stix/marking.hpp"
#include "server/admission/door.hpp"
#include "server/store/origin_store.hpp"
#include "server/store/rows.hpp"

namespace tocsin::admission {

// What was agreed with the peer that an origin is, resolved to rows.
struct ForeignTerms {
  store::RowId origin = 0;
  store::RowId peer = 0;                                 // its organisation: who asserts what names no creator
  std::map<std::string, store::RowId> asserters;         // by identity, lower case: for whom it may speak
  std::map<std::string, store::Collection> collections;  // by alias: what is exchanged
  stix::Tlp max_tlp = stix::Tlp::clear;
  AudiencesElsewhere audiences{};  // what those of the peer are here, as they are now
};

// An opened entry of the origin's data log whose leaf was verified and whose header was parsed. The bytes must be their
// own canonical form; the creator, where one is named, somebody for whom the peer may speak; the level within what was
// agreed; at least one collection agreed. Harm checks refuse as they do for members; what members may override is
// noted. Errors: those of Door; origin_not_agreed (an identity, a level, no collection: the sentence says which),
// not_canonical.
[[nodiscard]] std::expected<store::ForeignObject, std::vector<core::Error>> admit_foreign(Door const& door,
                                                                                          log::OpenedEntry const& entry,
                                                                                          log::Header const& header,
                                                                                          ForeignTerms const& terms,
                                                                                          Visit const& visit);

}  // namespace tocsin::admission
