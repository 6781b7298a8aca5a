// What came after heads that a peer names and was shown too: POST /witness/{hash}/heads. Whatever there is no answer
// to, the answer is the same.
#include "schema/log/checkpoint.hpp"
#include "schema/log/head_exchange.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/federation/head_exchange.hpp"
#include "server/federation/logs_of_peers.hpp"

namespace tocsin::endpoints {
namespace {

using Heads = std::vector<log::LaterHead>;

struct Asked {
  std::string origin, asker;  // data logs
};

// nullopt: no such log is followed here.
std::optional<Asked> asked_in(Context const& context, http::Request const& request) {
  Asked out;
  for (auto const& shown : context.peering.peers()) {
    if (shown.peer.state != store::PeerState::active) continue;
    if (shown.peer.name == request.principal->organisation_name) out.asker = shown.peer.origin;
    if (log::origin_hash(shown.peer.origin) == request.parameters.front()) out.origin = shown.peer.origin;
  }
  return out.origin.empty() || out.asker.empty() ? std::nullopt : std::optional(std::move(out));
}

core::Result<Heads> heads_of(Context& context, http::Request const& request, log::HeadQuestion const& question,
                             store::ReadStore& reader) {
  auto const asked = asked_in(context, request);
  auto const* own = context.logs.find("data");
  auto const note = own != nullptr ? own->checkpoint() : nullptr;
  if (!asked || note == nullptr) return Heads{};
  auto const origin = context.witness.stored(asked->origin);
  if (!origin && origin.error().code == core::Code::not_found) return Heads{};
  if (!origin) return std::unexpected(origin.error());
  auto const answerer = federation::origin_in(*note);
  return federation::later_heads(reader.openings(), origin->row, question, {origin->name, asked->asker, answerer});
}

}  // namespace

Answer witness_heads(Context& context, http::Request& request) {
  auto const body = co_await request.body->read_all();
  if (!body) co_return error_answer(request, body.error());
  auto const question = log::parse_head_question(*body);
  if (!question)
    co_return error_answer(request, {core::Code::bad_request, "The body is no question about heads.", "",
                                     "Send 256 tags behind a nonce, as schema/openapi.yaml has it: compareHeads."});
  auto const heads = co_await context.bridge.run<Heads>(request.principal->organisation, [&](store::ReadStore& reader) {
    return heads_of(context, request, *question, reader);
  });
  if (!heads) co_return error_answer(request, heads.error());
  http::Response response;
  response.content_type = "application/octet-stream";
  response.body = log::format_later_heads(*heads);
  co_return response;
}

}  // namespace tocsin::endpoints
