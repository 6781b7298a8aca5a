#include "server/endpoints/changes.hpp"

namespace tocsin::endpoints {

http::Awaitable<core::Result<Members>> members_of(http::Request& request) {
  if (!is_json_body(request.headers.find("Content-Type")))
    co_return core::fail(core::Code::unsupported_media_type, "The Content-Type of the body is not accepted.", "",
                         "Use application/json.");
  auto body = co_await request.body->read_all();
  if (!body) co_return std::unexpected(body.error());
  co_return Members::parse(*body);
}

std::function<core::Result<Done>()> without_value(std::function<core::Result<void>()> work) {
  return [work = std::move(work)]() -> core::Result<Done> {
    if (auto done = work(); !done) return std::unexpected(done.error());
    return Done{};
  };
}

}  // namespace tocsin::endpoints
