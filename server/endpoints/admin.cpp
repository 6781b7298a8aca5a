#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/access/certificate.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

std::string time_text(std::int64_t us) { return stix::Timestamp::from_microseconds(us).text(); }

json organisation_json(store::Organisation const& row) {
  json out{{"name", row.name},
           {"type", row.type},
           {"clearance", stix::name(static_cast<stix::Tlp>(row.clearance))},
           {"identity", row.identity},
           {"authority", row.authority},
           {"disabled", row.disabled},
           {"standing", row.standing},
           {"created", time_text(row.created_us)}};
  if (!row.peer.empty()) out["origin"] = row.peer;
  return out;
}

json collection_json(store::Collection const& row) {
  return {{"id", row.id},
          {"alias", row.alias},
          {"title", row.title},
          {"description", row.description},
          {"default_tlp", stix::name(static_cast<stix::Tlp>(row.default_level))},
          {"moderation", row.moderation}};
}

// Why a credential works or does not, the most lasting reason first.
char const* state_of(access::Directory const& directory, store::Credential const& row, store::Organisation const* owner,
                     std::int64_t now_us) {
  if (row.revoked_us) return "revoked";
  for (auto const& pin : directory.tables().denied_pins)
    if (access::pin_name(pin) == row.certificate) return "denied";
  if (owner == nullptr || owner->disabled) return "disabled";
  if (std::min(row.expires_us.value_or(now_us + 1), row.invitation_us.value_or(now_us + 1)) <= now_us) return "expired";
  return row.invitation_us ? "invitation" : "active";
}

json credential_json(access::Directory const& directory, store::Credential const& row, std::int64_t now_us) {
  auto const* owner = directory.organisation(row.organisation);
  json out{{"id", row.token_id},
           {"organisation", owner != nullptr ? owner->name : ""},
           {"roles", access::role_names(base::Roles::from_bits(row.roles))},
           {"label", row.label},
           {"person", row.person},
           {"networks", row.networks},
           {"collections", row.collections},
           {"kinds", row.kinds},
           {"created", time_text(row.created_us)},
           {"expires", nullptr},
           {"max_tlp", nullptr},
           {"dialect", stix::name(row.dialect)},
           {"revoked", nullptr},
           {"state", state_of(directory, row, owner, now_us)},
           {"certificate", nullptr}};
  if (!row.certificate.empty()) out["certificate"] = row.certificate;
  if (row.expires_us) out["expires"] = time_text(*row.expires_us);
  if (row.max_tlp) out["max_tlp"] = stix::name(static_cast<stix::Tlp>(*row.max_tlp));
  if (row.revoked_us) out["revoked"] = time_text(*row.revoked_us);
  return out;
}

Answer set_disabled(Context& context, http::Request& request, bool disabled) {
  auto done = co_await change<Done>(context, request, without_value([&] {
                                      return context.administration.disable(request.parameters.at(0), disabled);
                                    }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(200, {{"name", request.parameters.at(0)}, {"disabled", disabled}});
}

}  // namespace

Answer admin_list_organisations(Context& context, http::Request&) {
  json list = json::array();
  auto directory = context.registry.current();
  for (auto const& row : directory->tables().organisations) list.push_back(organisation_json(row));
  co_return json_answer(200, {{"organisations", list}});
}

Answer admin_add_organisation(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  access::NewOrganisation given{members->text("name"), members->text("type"), members->text("clearance"),
                                members->text("identity"), members->text("authority")};
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto added = co_await change<store::Organisation>(
      context, request, [&] { return context.administration.add(given, context.clock.now_us()); });
  if (!added) co_return error_answer(request, added.error());
  co_return json_answer(201, organisation_json(*added));
}

Answer admin_disable_organisation(Context& context, http::Request& request) {
  return set_disabled(context, request, true);
}

Answer admin_enable_organisation(Context& context, http::Request& request) {
  return set_disabled(context, request, false);
}

Answer admin_list_credentials(Context& context, http::Request&) {
  json list = json::array();
  auto directory = context.registry.current();
  for (auto const& row : directory->tables().credentials)
    list.push_back(credential_json(*directory, row, context.clock.now_us()));
  co_return json_answer(200, {{"credentials", list}});
}

Answer admin_add_credential(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  auto given = credential_of(*members);
  given.certificate = members->optional_text("certificate");
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto added = co_await change<std::string>(context, request,
                                            [&] { return context.administration.add(given, context.clock.now_us()); });
  if (!added) co_return error_answer(request, added.error());
  json document{{given.certificate ? "id" : "token", *added}};
  if (auto remarks = context.administration.remarks_on(given, context.settings.identity); !remarks.empty())
    document["remarks"] = remarks;
  co_return json_answer(201, document);
}

Answer admin_list_denied_pins(Context& context, http::Request&) {
  json list = json::array();
  auto directory = context.registry.current();
  for (auto const& pin : directory->tables().denied_pins) list.push_back(core::to_hex(core::view(pin)));
  co_return json_answer(200, {{"denied_pins", list}});
}

Answer admin_deny_pin(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  std::string pin = members->text("pin");
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto done = co_await change<Done>(
      context, request, without_value([&] { return context.administration.deny(pin, context.clock.now_us()); }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(201, {{"pin", pin}, {"denied", true}});
}

Answer admin_revoke_credential(Context& context, http::Request& request) {
  auto done = co_await change<Done>(
      context, request,
      without_value([&] { return context.administration.revoke(request.parameters.at(0), context.clock.now_us()); }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(200, {{"id", request.parameters.at(0)}, {"revoked", true}});
}

Answer admin_list_collections(Context& context, http::Request&) {
  json list = json::array();
  auto directory = context.registry.current();
  for (auto const& row : directory->tables().collections) list.push_back(collection_json(row));
  co_return json_answer(200, {{"collections", list}});
}

Answer admin_add_collection(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  access::NewCollection given{members->text("title"), members->text("alias"), members->text("description"),
                              members->text("default_tlp")};
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto added = co_await change<store::Collection>(
      context, request, [&] { return context.administration.add(given, context.clock.now_us()); });
  if (!added) co_return error_answer(request, added.error());
  co_return json_answer(201, collection_json(*added));
}

}  // namespace tocsin::endpoints
