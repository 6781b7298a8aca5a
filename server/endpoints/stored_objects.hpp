// What of a stored object a credential is shown, and which of its collections it reaches: for those who change objects
// that are there. Pure; any thread.
#pragma once

#include "server/access/directory.hpp"
#include "server/admission/retraction.hpp"
#include "server/http/message.hpp"

namespace tocsin::endpoints {

// Whether a credential is shown an object of this asserter.
[[nodiscard]] bool is_shown(store::StoredObject const& object, store::RowId asserter, access::View const& view);

// Of a row that is in the directory.
[[nodiscard]] store::Collection const& collection_of(access::Directory const& directory, store::RowId row);

// Whether the caller may know of a collection.
[[nodiscard]] bool reaches(access::Directory const& directory, http::Request const& request, store::RowId collection);

// Whether the object is, or was, anywhere that the caller may know of.
[[nodiscard]] bool is_within(access::Directory const& directory, http::Request const& request,
                             store::StoredObject const& object);

}  // namespace tocsin::endpoints
