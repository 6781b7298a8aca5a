// What members say of indicators and campaigns, and what becomes of it, asked of a hub: each answer has to be one that
// the document describes. Owned by a test; its thread.
#pragma once

#include "tests/unit/endpoints/hub.hpp"
#include "tests/unit/endpoints/openapi_reporter.hpp"

namespace tocsin::test {

void use_native(Reporter& report, Hub const& hub);
void use_campaigns(Reporter& report, Hub& hub);
void use_retractions(Reporter& report, Hub const& hub);
void use_releases(Reporter& report, Hub& hub);
void use_responses(Reporter& report, Hub& hub);
void use_mutes(Reporter& report, Hub const& hub);
void use_match(Reporter& report, Hub& hub);
void use_feeds(Reporter& report, Hub const& hub);
void use_report(Reporter& report, Hub const& hub);

}  // namespace tocsin::test
