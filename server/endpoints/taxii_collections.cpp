#include <nlohmann/json.hpp>

#include "server/access/permissions.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

// TAXII 2.1 section 5.2.1
nlohmann::json resource(store::Collection const& collection, base::Principal const& principal) {
  return {{"id", collection.id},
          {"title", collection.title},
          {"description", collection.description},
          {"alias", collection.alias},
          {"can_read", access::may(*access::find_permission("taxii.objects.read"), &principal)},
          {"can_write", access::may(*access::find_permission("taxii.objects.add"), &principal)},
          {"media_types", {"application/stix+json;version=2.1"}}};
}

}  // namespace

Answer taxii_collections(Context& context, http::Request& request) {
  auto directory = context.registry.current();
  nlohmann::json list = nlohmann::json::array();
  for (auto const& collection : directory->tables().collections)  // the store sorts them by id
    if (directory->collection(collection.id, view_of(request)) != nullptr)
      list.push_back(resource(collection, *request.principal));
  nlohmann::json document = nlohmann::json::object();
  if (!list.empty()) document["collections"] = std::move(list);
  co_return json_answer(200, document, kTaxii);
}

Answer taxii_collection(Context& context, http::Request& request) {
  auto directory = context.registry.current();
  auto const* collection = directory->collection(request.parameters.at(0), view_of(request));
  if (collection == nullptr)
    co_return error_answer(request, {core::Code::not_found, "There is no such collection.", "", ""});
  co_return json_answer(200, resource(*collection, *request.principal), kTaxii);
}

}  // namespace tocsin::endpoints
