// Which of the published logs a request below /log/ is about. Any coroutine of a session.
#pragma once

#include <memory>
#include <string>

#include "server/endpoints/context.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// The log that the path names. Errors: not_found; unavailable before it is published.
[[nodiscard]] core::Result<ledger::PublishedLog const*> asked_log(Context const& context, http::Request const& request);

// Its newest checkpoint. Error: unavailable before the first was signed.
[[nodiscard]] core::Result<std::shared_ptr<std::string const>> newest_checkpoint(ledger::PublishedLog const& log);

}  // namespace tocsin::endpoints
