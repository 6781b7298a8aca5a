// What this instance saw of logs, as C2SP tlog-witness has its monitoring paths, below /witness/.
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {

Answer witness_checkpoint(Context& context, http::Request& request) {
  auto note = co_await context.bridge.run<std::string>(request.principal->organisation, [&](store::ReadStore&) {
    auto const* own = context.logs.find("data");
    return context.witness.checkpoint(request.parameters.front(), own != nullptr ? own->checkpoint() : nullptr);
  });
  if (!note) co_return error_answer(request, note.error());
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = *std::move(note);
  co_return response;
}

}  // namespace tocsin::endpoints
