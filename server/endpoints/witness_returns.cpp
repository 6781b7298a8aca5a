// What this instance keeps of a peer's own logs, given back to the peer that was restored from a backup: leaf hashes of
// both, and what its control log opened. Below /witness/.
#include <algorithm>
#include <limits>

#include "schema/log/checkpoint.hpp"
#include "schema/log/manifest.hpp"
#include "schema/log/openings.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/opening_answers.hpp"

namespace tocsin::endpoints {
namespace {

using core::Code;
using OwnLog = federation::Witness::OwnLog;

std::unexpected<core::Error> not_kept() {
  return core::fail(Code::not_found, "Nothing of this is kept here for the peer that asks.", "",
                    "A peer is given back what was seen of its own logs; the hash is SHA-256 of the log's origin.");
}

core::Result<OwnLog> asked_log(Context& context, http::Request const& request) {
  auto const directory = context.registry.current();
  auto const* asker = directory->organisation(request.principal->organisation);
  auto log = asker != nullptr ? context.witness.log_of(asker->name, request.parameters.front()) : std::nullopt;
  if (!log) return not_kept();
  return *std::move(log);
}

std::optional<log::TilePath> tile_of(http::Request const& request) {
  std::string_view path = request.path;
  std::string const prefix = "/witness/" + request.parameters.front() + "/";
  if (!path.starts_with(prefix)) return std::nullopt;
  return log::parse_tile_path(path.substr(prefix.size()));
}

// As many entries as an answer holds. What lies behind the newest that was verified is not kept.
core::Result<log::Openings> openings_of(Context& context, OwnLog const& log, store::OpeningRange range,
                                        store::ReadStore& reader) {
  auto const origin = context.witness.stored(log.origin);
  if (!origin) return std::unexpected(origin.error());
  if (range.from < range.to && range.from >= origin->control.size) return not_kept();
  range.to = std::max(range.from, std::min(range.to, origin->control.size));
  auto opened = reader.openings().relayed_control(origin->row, range);
  if (!opened) return std::unexpected(opened.error());
  return log::Openings{log::control_origin(log.origin), {}, range.from, opened->to, std::move(opened->entries)};
}

}  // namespace

Answer witness_tile(Context& context, http::Request& request) {
  auto const tile = tile_of(request);
  auto const log = tile ? asked_log(context, request) : core::Result<OwnLog>(not_kept());
  if (!log) co_return error_answer(request, log.error());
  auto hashes = co_await context.bridge.run<std::string>(
      request.principal->organisation, [&](store::ReadStore&) { return context.witness.tile(*log, *tile); });
  if (!hashes) co_return error_answer(request, hashes.error());
  http::Response response;
  response.content_type = "application/octet-stream";
  response.body = *std::move(hashes);
  co_return response;
}

Answer witness_openings(Context& context, http::Request& request) {
  auto const log = asked_log(context, request);
  if (!log) co_return error_answer(request, log.error());
  if (log->name != store::LogName::control) co_return error_answer(request, not_kept().error());
  auto const range = opening_range_in(request, std::numeric_limits<std::uint64_t>::max());
  if (!range) co_return error_answer(request, range.error());
  auto const openings = co_await context.bridge.run<log::Openings>(
      request.principal->organisation,
      [&](store::ReadStore& reader) { return openings_of(context, *log, *range, reader); });
  if (!openings) co_return error_answer(request, openings.error());
  co_return answer_of(*openings);
}

}  // namespace tocsin::endpoints
