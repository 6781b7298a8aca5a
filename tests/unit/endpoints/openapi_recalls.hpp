// What the document says of recalls and receipts, asked with success and without. For the test of all answers.
#pragma once

#include "tests/unit/endpoints/openapi_reporter.hpp"

namespace tocsin::test {

// The hub publishes its logs.
void use_recalls(Reporter& report, Hub& hub);
void recall_wrongly(Reporter& report, Hub const& hub);

}  // namespace tocsin::test
