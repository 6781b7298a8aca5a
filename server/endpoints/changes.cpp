#include "server/endpoints/changes.hpp"

#include "server/endpoints/presented.hpp"
#include "server/http/router.hpp"

namespace tocsin::endpoints {

http::Awaitable<core::Result<Members>> members_of(http::Request& request) {
  if (!is_json_body(request.headers.find("Content-Type")))
    co_return core::fail(core::Code::unsupported_media_type, "The Content-Type of the body is not accepted.", "",
                         "Use application/json.");
  auto body = co_await request.body->read_all();
  if (!body) co_return std::unexpected(body.error());
  co_return Members::parse(*body);
}

access::NewCredential credential_of(Members& members) {
  return {members.text("organisation"),
          members.list("roles"),
          members.text("label"),
          members.optional_text("expires"),
          members.list("networks"),
          members.list("collections"),
          members.list("kinds"),
          members.optional_text("max_tlp"),
          members.optional_text("dialect").value_or("tlp2"),
          {},
          members.text("person")};
}

core::Result<void> still_may(Context& context, http::Request const& request) {
  if (request.on_admin_socket) return {};
  auto who = authorise(*context.registry.current(), presented(context, request),
                       *access::find_permission(request.route->permission), context.clock.now_us());
  if (!who) return std::unexpected(who.error());
  return {};
}

std::function<core::Result<Done>()> without_value(std::function<core::Result<void>()> work) {
  return [work = std::move(work)]() -> core::Result<Done> {
    if (auto done = work(); !done) return std::unexpected(done.error());
    return Done{};
  };
}

}  // namespace tocsin::endpoints
