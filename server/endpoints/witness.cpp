// What this instance saw of logs, as C2SP tlog-witness has its monitoring paths, below /witness/.
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

using federation::Witness;
using Outcome = Witness::Addition::Outcome;

http::Response plain(int status, std::string type, std::string body) {
  http::Response response;
  response.status = status;
  response.content_type = std::move(type);
  response.body = std::move(body);
  return response;
}

// The statuses are those of C2SP tlog-witness.
core::Error refusal(Outcome outcome) {
  switch (outcome) {
    case Outcome::unknown:
      return {core::Code::not_found, "No log of this origin is followed here.", "",
              "The origin's operator peers first."};
    case Outcome::unverified:
      return {core::Code::forbidden, "The checkpoint is not signed by the log's key.", "", ""};
    case Outcome::unproven:
      return {core::Code::unprocessable, "The checkpoint is not shown to go on from the newest one here.", "",
              "Send the consistency proof from the old size on."};
    case Outcome::smaller:
      return {core::Code::bad_request, "The checkpoint is of a smaller size than the old one.", "", ""};
    default:
      return {core::Code::bad_request, "The body is not a submission to a witness.", "",
              "Send `old SIZE`, the hashes of the proof, a blank line and the signed checkpoint (C2SP tlog-witness)."};
  }
}

}  // namespace

Answer witness_checkpoint(Context& context, http::Request& request) {
  auto note = co_await context.bridge.run<std::string>(request.principal->organisation, [&](store::ReadStore&) {
    auto const* own = context.logs.find("data");
    return context.witness.checkpoint(request.parameters.front(), own != nullptr ? own->checkpoint() : nullptr);
  });
  if (!note) co_return error_answer(request, note.error());
  co_return plain(200, "text/plain; charset=utf-8", *std::move(note));
}

Answer witness_add_checkpoint(Context& context, http::Request& request) {
  auto const body = co_await request.body->read_all();
  if (!body) co_return error_answer(request, body.error());
  auto added = co_await context.bridge.run<Witness::Addition>(
      request.principal->organisation, [&](store::ReadStore&) { return context.witness.add(*body); });
  if (!added) co_return error_answer(request, added.error());
  if (added->outcome == Outcome::cosigned) co_return plain(200, "text/plain; charset=utf-8", std::move(added->line));
  if (added->outcome == Outcome::elsewhere)
    co_return plain(409, "text/x.tlog.size", std::to_string(added->size) + "\n");
  co_return error_answer(request, refusal(added->outcome));
}

}  // namespace tocsin::endpoints
