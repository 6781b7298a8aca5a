#include "server/catalog/named_asserter.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace tocsin::catalog {

store::Organisation const* named_asserter(nlohmann::json const& object, store::RowId asserter,
                                          access::Directory const& directory) {
  auto const creator = object.find("created_by_ref");
  if (creator == object.end()) return nullptr;
  auto const* owner = directory.owner_of_identity(creator->get_ref<std::string const&>());
  return owner != nullptr && owner->row == asserter ? owner : nullptr;
}

}  // namespace tocsin::catalog
