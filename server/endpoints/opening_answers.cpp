#include "server/endpoints/opening_answers.hpp"

#include "server/endpoints/numbers.hpp"
#include "server/endpoints/seen.hpp"

namespace tocsin::endpoints {
namespace {

using core::Code;

constexpr std::size_t kHead = 512;  // of an answer, before its entries; the name of a log is shorter

}  // namespace

core::Result<store::OpeningRange> opening_range_in(http::Request const& request, std::uint64_t size) {
  auto const given = numbers_in(request.query, {"from", "to"});
  if (!given) return std::unexpected(given.error());
  if (given->size() != 2)
    return core::fail(Code::bad_parameter, "Openings are asked for by two parameters: from and to.", "",
                      "Send from=FIRST and to=END: entries from the first on, without that at the end.");
  store::OpeningRange out{given->at("from"), given->at("to"), log::kMostOpened, log::kMostOpenedBytes - kHead};
  if (out.from > out.to || out.to - out.from > log::kMostConsidered)
    return core::fail(Code::bad_parameter, "The parameter to is not from, nor up to 65536 more.", "",
                      "Ask for fewer entries at a time.");
  if (out.to > size)
    return core::fail(Code::unprocessable, "The parameter to is beyond the newest checkpoint.", "",
                      "Ask for the entries that a checkpoint covers.");
  return out;
}

http::Awaitable<core::Result<void>> record_openings(Context& context, http::Request const& request,
                                                    std::shared_ptr<access::Directory const> directory,
                                                    access::PeerView const& view, store::OpenedRange const& opened) {
  Seen seen{std::move(directory), {}};
  for (auto const& [row, alias] : view.collections) seen.sight.collections.push_back(row);
  std::vector<ShownAt> shown;
  for (auto const& [collection, sequence] : opened.places) shown.push_back({collection, sequence});
  co_return co_await record_shown(context, request, seen, "openings", "", shown);
}

http::Response answer_of(log::Openings const& openings) {
  http::Response response;
  response.content_type = "application/octet-stream";
  response.body = log::format_openings(openings);
  return response;
}

}  // namespace tocsin::endpoints
