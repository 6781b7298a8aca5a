#include <nlohmann/json.hpp>

#include "schema/stix/timestamp.hpp"
#include "server/endpoints/changes.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

using nlohmann::json;

std::string marking_id(store::Audience const& row) { return "marking-definition--" + core::to_text(row.marking); }

std::string organisation_name(access::Directory const& directory, store::RowId row) {
  auto const* organisation = directory.organisation(row);
  return organisation != nullptr ? organisation->name : "";
}

json proposals_of(access::Directory const& directory, store::Audience const& audience) {
  json list = json::array();
  for (auto const& row : directory.tables().audience_proposals)
    if (row.audience == audience.row)
      list.push_back({{"id", core::to_text(row.id)},
                      {"organisation", organisation_name(directory, row.organisation)},
                      {"proposed", stix::Timestamp::from_microseconds(row.created_us).text()}});
  return list;
}

json audience_json(access::Directory const& directory, store::Audience const& row) {
  json members = json::array();
  for (auto const& organisation : directory.tables().organisations)
    if (directory.belongs(organisation.row, row)) members.push_back(organisation.name);
  return {{"name", row.name},
          {"marking", marking_id(row)},
          {"epoch", row.epoch},
          {"members", members},
          {"releasable_to", row.releasable_to},
          {"proposals", proposals_of(directory, row)},
          {"definition", json::parse(row.definition)}};
}

}  // namespace

Answer admin_list_audiences(Context& context, http::Request&) {
  json list = json::array();
  auto directory = context.registry.current();
  for (auto const& row : directory->tables().audiences) list.push_back(audience_json(*directory, row));
  co_return json_answer(200, {{"audiences", list}});
}

Answer admin_add_audience(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  access::NewAudience given{members->text("name"), members->list("members"), members->list("releasable_to")};
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto added = co_await change<store::Audience>(context, request,
                                                [&] { return context.audiences.add(given, context.clock.now_us()); });
  if (!added) co_return error_answer(request, added.error());
  co_return json_answer(201, audience_json(*context.registry.current(), *added));
}

Answer admin_propose_audience_member(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  std::string organisation = members->text("organisation");
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto proposed = co_await change<core::Uuid>(context, request, [&] {
    return context.audiences.propose(request.parameters.at(0), organisation, request.principal->credential,
                                     context.clock.now_us());
  });
  if (!proposed) co_return error_answer(request, proposed.error());
  co_return json_answer(202, {{"proposal", core::to_text(*proposed)}});
}

Answer admin_remove_audience_member(Context& context, http::Request& request) {
  auto members = co_await members_of(request);
  if (!members) co_return error_answer(request, members.error());
  std::string organisation = members->text("organisation");
  if (auto finished = members->finish(); !finished) co_return error_answer(request, finished.error());
  auto done = co_await change<Done>(context, request, without_value([&] {
                                      return context.audiences.remove(request.parameters.at(0), organisation);
                                    }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(200, {{"name", request.parameters.at(0)}, {"removed", organisation}});
}

Answer admin_approve_audience_member(Context& context, http::Request& request) {
  auto done =
      co_await change<Done>(context, request, without_value([&] {
                              return context.audiences.approve(request.parameters.at(0), request.principal->credential,
                                                               context.clock.now_us());
                            }));
  if (!done) co_return error_answer(request, done.error());
  co_return json_answer(200, {{"proposal", request.parameters.at(0)}, {"approved", true}});
}

}  // namespace tocsin::endpoints
