#include "server/endpoints/stored_objects.hpp"

#include <algorithm>

#include "server/endpoints/answers.hpp"

namespace tocsin::endpoints {

bool is_shown(store::StoredObject const& object, store::RowId asserter, access::View const& view) {
  auto const& window = view.window;
  auto const listed = [&](std::string const& name) {
    return std::ranges::find(window.kinds, name) != window.kinds.end();
  };
  if (!window.kinds.empty() && !listed(object.kind) && !listed(object.type)) return false;
  bool const own = window.asserter == asserter && window.own.contains(object.class_row);
  return own || window.visible.contains(object.class_row);
}

store::Collection const& collection_of(access::Directory const& directory, store::RowId row) {
  return *std::ranges::find(directory.tables().collections, row, &store::Collection::row);
}

bool reaches(access::Directory const& directory, http::Request const& request, store::RowId collection) {
  return directory.collection(collection_of(directory, collection).id, view_of(request)) != nullptr;
}

bool is_within(access::Directory const& directory, http::Request const& request, store::StoredObject const& object) {
  return std::ranges::any_of(object.publications,
                             [&](auto const& one) { return reaches(directory, request, one.collection); });
}

}  // namespace tocsin::endpoints
