// What this instance keeps of a peer's own logs, given back to the peer that was restored from a backup: leaf hashes of
// both, and what its control log opened. Below /witness/.
#include "schema/log/checkpoint.hpp"
#include "schema/log/manifest.hpp"
#include "schema/log/openings.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"
#include "server/endpoints/numbers.hpp"

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

struct Stretch {
  std::uint64_t from = 0, to = 0;
};
core::Result<Stretch> stretch_in(http::Request const& request) {
  auto const given = numbers_in(request.query, {"from", "to"});
  if (!given) return std::unexpected(given.error());
  if (given->size() != 2 || given->at("from") > given->at("to") || given->at("to") > (std::uint64_t{1} << 53))
    return core::fail(Code::bad_parameter, "Entries are asked for by two parameters: from and to.", "",
                      "Send from=FIRST and to=END: entries from the first on, without that at the end.");
  return Stretch{given->at("from"), given->at("to")};
}

http::Response bytes(std::string body) {
  http::Response response;
  response.content_type = "application/octet-stream";
  response.body = std::move(body);
  return response;
}

}  // namespace

Answer witness_tile(Context& context, http::Request& request) {
  auto const tile = tile_of(request);
  auto const log = tile ? asked_log(context, request) : core::Result<OwnLog>(not_kept());
  if (!log) co_return error_answer(request, log.error());
  auto hashes = co_await context.bridge.run<std::string>(
      request.principal->organisation, [&](store::ReadStore&) { return context.witness.tile(*log, *tile); });
  if (!hashes) co_return error_answer(request, hashes.error());
  co_return bytes(*std::move(hashes));
}

Answer witness_openings(Context& context, http::Request& request) {
  auto const log = asked_log(context, request);
  if (!log) co_return error_answer(request, log.error());
  auto const asked = stretch_in(request);
  if (!asked) co_return error_answer(request, asked.error());
  if (log->name != store::LogName::control) co_return error_answer(request, not_kept().error());
  auto opened = co_await context.bridge.run<std::vector<log::OpenedEntry>>(
      request.principal->organisation,
      [&](store::ReadStore& reader) { return reader.recalls().opened(log->origin, asked->from, asked->to); });
  if (!opened) co_return error_answer(request, opened.error());
  if (opened->empty() && asked->from < asked->to) co_return error_answer(request, not_kept().error());
  auto const to = asked->from + opened->size();
  co_return bytes(log::format_openings({log::control_origin(log->origin), {}, asked->from, to, *std::move(opened)}));
}

}  // namespace tocsin::endpoints
