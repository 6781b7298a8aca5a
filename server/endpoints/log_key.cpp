#include <nlohmann/json.hpp>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

// A new key for the log; the answer has public keys only.
Answer admin_rotate_log_key(Context& context, http::Request& request) {
  auto changed = co_await context.bridge.run<LogKeys>(
      0, [&](store::ReadStore&) { return context.rotate_log_key(actor_of(request)); });
  if (!changed) co_return error_answer(request, changed.error());
  co_return json_answer(200, {{"old", changed->old_key}, {"new", changed->new_key}});
}

}  // namespace tocsin::endpoints
