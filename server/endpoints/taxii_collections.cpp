#include <string>

#include "schema/stix/json.hpp"
#include "server/access/permissions.hpp"
#include "server/endpoints/answers.hpp"
#include "server/endpoints/handlers.hpp"

namespace tocsin::endpoints {
namespace {

std::string json_string(std::string_view text) {
  std::string out;
  stix::append_canonical_string(out, text);
  return out;
}

struct Rights {
  bool read, write;
};

Rights rights_of(base::Principal const& principal) {
  return {access::may(*access::find_permission("taxii.objects.read"), &principal),
          access::may(*access::find_permission("taxii.objects.add"), &principal)};
}

// TAXII 2.1 section 5.2.1. Written as text: clients ask for it before every pull, and a document of maps costs a third
// of such a request.
std::string resource(store::Collection const& collection, Rights rights) {
  auto flag = [](bool is) { return is ? "true" : "false"; };
  return "{\"alias\":" + json_string(collection.alias) + ",\"can_read\":" + flag(rights.read) +
         ",\"can_write\":" + flag(rights.write) + ",\"description\":" + json_string(collection.description) +
         ",\"id\":" + json_string(collection.id) +
         ",\"media_types\":[\"application/stix+json;version=2.1\"],\"title\":" + json_string(collection.title) + "}";
}

}  // namespace

Answer taxii_collections(Context& context, http::Request& request) {
  auto directory = context.registry.current();
  Rights rights = rights_of(*request.principal);
  std::string list;
  for (auto const& collection : directory->tables().collections)  // the store sorts them by id
    if (directory->collection(collection.id, view_of(request)) != nullptr)
      list += (list.empty() ? "" : ",") + resource(collection, rights);
  co_return text_answer(200, list.empty() ? "{}" : "{\"collections\":[" + list + "]}", kTaxii);
}

Answer taxii_collection(Context& context, http::Request& request) {
  auto directory = context.registry.current();
  auto const* collection = directory->collection(request.parameters.at(0), view_of(request));
  if (collection == nullptr)
    co_return error_answer(request, {core::Code::not_found, "There is no such collection.", "", ""});
  co_return text_answer(200, resource(*collection, rights_of(*request.principal)), kTaxii);
}

}  // namespace tocsin::endpoints
