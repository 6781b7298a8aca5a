// The newest checkpoint of a log, at once or as soon as there is one that covers more than the caller has.
#include <utility>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/asked_log.hpp"
#include "server/endpoints/awaited_checkpoint.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

Answer log_checkpoint(Context& context, http::Request& request) {
  auto const log = asked_log(context, request);
  if (!log) co_return error_answer(request, log.error());
  auto checkpoint = newest_checkpoint(**log);
  if (!checkpoint) co_return error_answer(request, checkpoint.error());
  auto const wait = asked_wait(request, *log == context.logs.data.get());
  if (!wait) co_return error_answer(request, wait.error());
  auto const is_over = [&logs = context.logs, log = *log, wait = wait->value_or(AskedWait())] {
    return log->size() > wait.after || (wait.control && logs.control && logs.control->size() > *wait.control);
  };
  if (*wait && !is_over())
    co_return co_await await_checkpoint(
        context, request, (*wait)->most,
        {is_over, [log = *log]() -> http::Awaitable<core::Result<std::string>> { co_return *log->checkpoint(); }});
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = (*log)->checkpoint();
  co_return response;
}

}  // namespace tocsin::endpoints
