// The tiles of the logs as the published format has them (C2SP tlog-tiles), below /log/data/ and /log/control/.
#include "server/endpoints/answers.hpp"
#include "server/endpoints/asked_log.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

// What follows the log's name, as it was asked for: a tile has one address.
std::optional<log::TilePath> tile_of(http::Request const& request) {
  std::string_view path = request.path;
  std::string const prefix = "/log/" + request.parameters.front() + "/";
  if (!path.starts_with(prefix)) return std::nullopt;
  return log::parse_tile_path(path.substr(prefix.size()));
}

}  // namespace

Answer log_tile(Context& context, http::Request& request) {
  auto const tile = tile_of(request);
  if (!tile)
    co_return error_answer(request, {core::Code::not_found, "There is no such tile of a log.", "",
                                     "A checkpoint implies which there are, and each has one address."});
  auto const log = asked_log(context, request);
  if (!log) co_return error_answer(request, log.error());
  auto bytes = co_await context.bridge.run<std::string>(
      request.principal->organisation, [&](store::ReadStore& reader) { return (*log)->tile(reader.leaves(), *tile); });
  if (!bytes) co_return error_answer(request, bytes.error());
  http::Response response;
  response.content_type = "application/octet-stream";
  // What a checkpoint settled never changes; it is for those who may read the log, and for no shared cache.
  response.headers.emplace_back("Cache-Control", "private, max-age=31536000, immutable");
  response.body = *std::move(bytes);
  co_return response;
}

}  // namespace tocsin::endpoints
