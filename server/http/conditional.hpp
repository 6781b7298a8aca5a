// Preconditions of a request (RFC 9110 section 13). Pure; any thread.
#pragma once

#include <string_view>

#include "server/http/message.hpp"

namespace tocsin::http {

// Whether an If-None-Match among the headers names the entity-tag `etag` (as in ETag, quotes included), so that the
// answer to a GET is 304: `*` does, a tag in any of its lists does, compared weakly (sections 8.8.3.2 and 13.1.2). A
// field is read as far as it is a list of entity-tags; what follows a mistake names nothing.
[[nodiscard]] bool names_etag(Headers const& headers, std::string_view etag);

}  // namespace tocsin::http
