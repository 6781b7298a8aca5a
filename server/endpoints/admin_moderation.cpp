#include <nlohmann/json.hpp>

#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

// The one member of a body.
http::Awaitable<core::Result<std::string>> said(http::Request& request, std::string const& name) {
  auto members = co_await members_of(request);
  if (!members) co_return std::unexpected(members.error());
  auto text = members->text(name);
  if (auto finished = members->finish(); !finished) co_return std::unexpected(finished.error());
  co_return text;
}

}  // namespace

// Whose submissions to a collection wait for an analyst, from the next request on. What waits already goes on waiting.
Answer admin_set_moderation(Context& context, http::Request& request) {
  auto const moderation = co_await said(request, "moderation");
  if (!moderation) co_return error_answer(request, moderation.error());
  auto const& name = request.parameters.at(0);
  auto const done = co_await change<Done>(
      context, request, without_value([&] { return context.administration.moderate(name, *moderation); }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(200, {{"collection", name}, {"moderation", *moderation}});
}

// Whether an organisation's submissions wait where a collection is moderated.
Answer admin_set_standing(Context& context, http::Request& request) {
  auto const standing = co_await said(request, "standing");
  if (!standing) co_return error_answer(request, standing.error());
  auto const& name = request.parameters.at(0);
  auto const done = co_await change<Done>(
      context, request, without_value([&] { return context.administration.set_standing(name, *standing); }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(200, {{"name", name}, {"standing", *standing}});
}

}  // namespace tocsin::endpoints
