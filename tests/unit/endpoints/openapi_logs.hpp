// What the document says of the published logs, asked with success and with each refusal. For the tests of all answers.
#pragma once

#include "tests/unit/endpoints/openapi_reporter.hpp"

namespace tocsin::test {

void use_logs(Reporter& report, Hub& hub);
void ask_logs_wrongly(Reporter& report, Hub& hub);

}  // namespace tocsin::test
