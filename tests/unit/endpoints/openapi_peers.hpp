// What the document says of peers, asked with success. For the test of all answers.
#pragma once

#include "tests/unit/endpoints/openapi_reporter.hpp"

namespace tocsin::test {

void use_peers(Reporter& report, Hub& hub);

}  // namespace tocsin::test
