// The logs as the published format has them (C2SP tlog-tiles), below /log/data/ and /log/control/.
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

core::Error nothing_here() {
  return {core::Code::not_found, "There is no such part of a log.", "",
          "The logs are data and control; their parts are checkpoint and the tiles that it implies."};
}

core::Error not_yet() {
  return {core::Code::unavailable, "No checkpoint of this log was signed yet.", "", "Try again in a moment."};
}

// What follows the log's name, as it was asked for: a tile has one address.
std::optional<log::TilePath> tile_of(http::Request const& request) {
  std::string_view path = request.path;
  std::string const prefix = "/log/" + request.parameters.front() + "/";
  if (!path.starts_with(prefix)) return std::nullopt;
  return log::parse_tile_path(path.substr(prefix.size()));
}

}  // namespace

Answer log_checkpoint(Context& context, http::Request& request) {
  if (!ledger::PublishedLogs::is_name(request.parameters.front())) co_return error_answer(request, nothing_here());
  auto const* log = context.logs.find(request.parameters.front());
  auto checkpoint = log != nullptr ? log->checkpoint() : nullptr;
  if (!checkpoint) co_return error_answer(request, not_yet());
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(checkpoint);
  co_return response;
}

Answer log_tile(Context& context, http::Request& request) {
  auto const tile = tile_of(request);
  if (!tile || !ledger::PublishedLogs::is_name(request.parameters.front()))
    co_return error_answer(request, nothing_here());
  auto const* log = context.logs.find(request.parameters.front());
  if (log == nullptr) co_return error_answer(request, not_yet());
  auto bytes = co_await context.bridge.run<std::string>(
      request.principal->organisation, [&](store::ReadStore& reader) { return log->tile(reader.leaves(), *tile); });
  if (!bytes) co_return error_answer(request, bytes.error());
  http::Response response;
  response.content_type = "application/octet-stream";
  // What a checkpoint settled never changes; it is for those who may read the log, and for no shared cache.
  response.headers.emplace_back("Cache-Control", "private, max-age=31536000, immutable");
  response.body = *std::move(bytes);
  co_return response;
}

}  // namespace tocsin::endpoints
