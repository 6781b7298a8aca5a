// Whom an attack is blamed on: a threat actor, or a relationship `attributed-to` that leads to one or to an identity.
// The most harmful thing that can be said here, and so the one that needs most. Pure; any thread.
#pragma once

#include <vector>

#include "schema/core/result.hpp"
#include "schema/stix/json.hpp"
#include "schema/stix/marking.hpp"

namespace tocsin::admission::harm {

// `document` is that of a valid object.
[[nodiscard]] bool is_attribution(stix::Json const& document);

// How an attribution is marked.
struct AttributionMarking {
  stix::Tlp level = stix::Tlp::red;
  bool audience = false;  // it names one
  bool agreed = false;    // two people of its organisation agreed to that
};

// Refusals: it lacks a confidence or what it rests on, is for more readers than AMBER+STRICT, or names an audience that
// one person chose. Pointers are into the object.
[[nodiscard]] std::vector<core::Error> attribution_findings(stix::Json const& document, AttributionMarking marking);

}  // namespace tocsin::admission::harm
