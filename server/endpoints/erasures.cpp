#include <nlohmann/json.hpp>

#include "schema/stix/identifier.hpp"
#include "server/access/names.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

core::Error no_organisation(std::string const& name) {
  return {core::Code::not_found, "There is no organisation" + access::in_quotes(name) + ".", "",
          "`tocsind org list` shows them."};
}

core::Error no_object() {
  return {
      core::Code::not_found, "That organisation has stored no object with this id.", "",
      "Name the organisation as `org list` shows it, and the id in full. An object that two organisations stored is "
      "erased for each."};
}

}  // namespace

// Destroys what an organisation stored under an id, all versions, in every collection. The log keeps the leaves.
Answer admin_erase(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  std::string organisation = members->text("organisation"), object = members->text("object");
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto id = stix::Identifier::parse(object);
  if (!id) co_return error_answer(request, id.error());
  auto directory = context.registry.current();
  auto const* owner = directory->organisation(organisation);
  if (owner == nullptr) co_return error_answer(request, no_organisation(organisation));
  auto erased = co_await context.bridge.run<ErasedObject>(
      0, [&](store::ReadStore&) { return context.erase(owner->row, *id, actor_of(request)); });
  if (!erased) co_return error_answer(request, erased.error());
  if (erased->versions == 0) co_return error_answer(request, no_object());
  co_return json_answer(
      200, {{"versions", erased->versions}, {"leaves", erased->leaves}, {"log_emptied", erased->log_emptied}});
}

}  // namespace tocsin::endpoints
