// What a member says of an object that it is shown: a sighting of an indicator, or an opinion, from the short form to
// STIX (2.1 sections 5.2 and 4.13). Pure; any thread.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "schema/core/result.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/marking.hpp"
#include "server/store/claim_store.hpp"

namespace tocsin::admission {

// What it is said of.
struct Subject {
  std::string id{};
  stix::Tlp level = stix::Tlp::clear;  // of its class
  std::set<std::string> markings{};    // besides TLP, of the whole and of parts
};

// Of one version that the member is shown; without its id.
[[nodiscard]] Subject subject_of(stix::Json const& version, stix::Tlp level);

// Who says it, and when.
struct Sayer {
  std::string creator;  // identity--UUID
  std::int64_t now_us = 0;
};

// A member of the request that is not known is an error; what STIX demands of the values is for the door. Both have the
// markings of the subject, and its level at least: `tlp` raises it. Errors: property_unknown, property_value,
// marking_below_floor, secret_in_text, personal_data_in_text.

// {"outcome", "count"?, "first_seen"?, "last_seen"?, "action_taken"?, "affected_accounts_bucket"?, "match_method"?,
// "detector_version"?, "tlp"?, "as_member"?}
[[nodiscard]] core::Result<stix::Json> sighting_of(stix::Json const& said, Subject const& subject, Sayer const& sayer);

// {"opinion", "explanation"?, "tlp"?, "as_member"?}. `standing`: the one that the member has on the subject, which may
// be revoked: what says the same is that one, and what says something else a later version of it. Null: none.
[[nodiscard]] core::Result<stix::Json> opinion_on(stix::Json const& said, stix::Json const& standing,
                                                  Subject const& subject, Sayer const& sayer);

// {"withdraw": true}, and nothing else: the version that revokes `standing`, or that itself when it is revoked already.
// Errors: not_found (there is none), property_unknown, property_value.
[[nodiscard]] core::Result<stix::Json> opinion_withdrawn(stix::Json const& said, stix::Json const& standing,
                                                         std::int64_t now_us);

// Under what a member's opinion on a subject is found: there is one.
[[nodiscard]] store::ClaimKey opinion_key(std::string const& subject);

// Of a pointer into what was made here, the member of the request that it comes from, or "".
[[nodiscard]] std::string said_pointer(std::string const& pointer);

}  // namespace tocsin::admission
