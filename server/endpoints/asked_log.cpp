#include "server/endpoints/asked_log.hpp"

namespace tocsin::endpoints {
namespace {

std::unexpected<core::Error> not_yet() {
  return core::fail(core::Code::unavailable, "No checkpoint of this log was signed yet.", "", "Try again in a moment.");
}

}  // namespace

core::Result<ledger::PublishedLog const*> asked_log(Context const& context, http::Request const& request) {
  auto const& name = request.parameters.front();
  if (!ledger::PublishedLogs::is_name(name))
    return core::fail(core::Code::not_found, "There is no such part of a log.", "",
                      "The logs are data and control; their parts are checkpoint, the tiles that it implies, and "
                      "openings.");
  auto const* log = context.logs.find(name);
  if (log == nullptr) return not_yet();
  return log;
}

core::Result<std::shared_ptr<std::string const>> newest_checkpoint(ledger::PublishedLog const& log) {
  auto checkpoint = log.checkpoint();
  if (!checkpoint) return not_yet();
  return checkpoint;
}

}  // namespace tocsin::endpoints
