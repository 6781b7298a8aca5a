// The routes of moderation, asked so that each of their answers comes once. For the tests of the document; one thread.
#pragma once

#include "tests/unit/endpoints/hub.hpp"
#include "tests/unit/endpoints/openapi_reporter.hpp"

namespace tocsin::test {

void use_moderation(Reporter& report, Hub& hub);
void moderate_wrongly(Reporter& report, Hub& hub);

}  // namespace tocsin::test
